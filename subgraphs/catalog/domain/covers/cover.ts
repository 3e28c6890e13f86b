/**
 * Draws a cover for a product: a pattern of tiles like those of the places its goods come from, the same for the same
 * product for ever. Plain shapes only: no script, no style, no text, nothing from elsewhere.
 */
import { createHash } from 'node:crypto';
import { MOTIFS } from './motifs.ts';
import { paletteOf } from './palettes.ts';

export interface CoverSubject {
  title: string;
  /** Chooses the motif, so that a shelf looks like one. */
  category: string;
  /** Chooses the colours. */
  origin: string;
}

const SIZE = 800;
const FRAME = 40;

export function drawCover({ title, category, origin }: CoverSubject): string {
  const chance = bytesOf(title);
  const palette = paletteOf(origin, numberOf(origin));
  const motif = MOTIFS[(numberOf(category) + (chance[0]! % 3)) % MOTIFS.length]!;
  const colours = {
    ground: palette.ground,
    fills: shuffled(palette.colours, chance[1]!),
    line: palette.line,
  };
  const perRow = [3, 4, 5, 6][chance[2]! % 4]!;
  const inner = SIZE - 2 * FRAME;
  const tile = inner / perRow;
  const turn = chance[3]! % 4 === 0 ? 45 : 0;
  const [main, , , glint] = colours.fills;
  const pattern =
    `<pattern id="t" width="100" height="100" patternUnits="userSpaceOnUse" patternTransform="translate(${FRAME} ${FRAME}) scale(${round(tile / 100)}) rotate(${turn})">` +
    `<rect width="100" height="100" fill="${palette.ground}"/>` +
    `<g transform="translate(50 50)" stroke="${palette.line}" stroke-width="1.6" stroke-linejoin="round">${motif(colours)}</g></pattern>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}" role="img">` +
    `<title>${escaped(title)}</title>` +
    `<defs>${pattern}<radialGradient id="l" cx=".35" cy=".3" r=".9"><stop offset="0" stop-color="#fff" stop-opacity=".22"/>` +
    `<stop offset=".6" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".18"/></radialGradient></defs>` +
    `<rect width="${SIZE}" height="${SIZE}" fill="${main}"/>` +
    `<rect x="${FRAME / 2}" y="${FRAME / 2}" width="${SIZE - FRAME}" height="${SIZE - FRAME}" fill="none" stroke="${glint}" stroke-width="3"/>` +
    `<rect x="${FRAME}" y="${FRAME}" width="${inner}" height="${inner}" fill="url(#t)" stroke="${palette.line}" stroke-width="4"/>` +
    `${medallion(chance, colours.fills, palette.line)}` +
    `<rect width="${SIZE}" height="${SIZE}" fill="url(#l)"/></svg>`
  );
}

/** On every second cover a large star in the middle, which makes neighbours of the same making differ. */
function medallion(chance: Buffer, fills: readonly [string, string, string, string], line: string): string {
  if (chance[4]! % 2 === 0) return '';
  const points = [8, 12, 16][chance[5]! % 3]!;
  const [a, b, c, d] = fills;
  const ring = (outer: number, inner: number, fill: string, turn: number) =>
    `<path d="${starPath(points, outer, inner, turn)}" fill="${fill}" stroke="${line}" stroke-width="5" stroke-linejoin="round"/>`;
  const half = Math.PI / points;
  return (
    `<g transform="translate(${SIZE / 2} ${SIZE / 2})"><circle r="212" fill="${line}"/>` +
    `${ring(205, 150, a, 0)}${ring(150, 105, c, half)}${ring(104, 70, b, 0)}${ring(62, 34, d, half)}<circle r="16" fill="${line}"/></g>`
  );
}

function starPath(points: number, outer: number, inner: number, turn: number): string {
  const corners = Array.from({ length: points * 2 }, (_, index) => {
    const angle = (index * Math.PI) / points + turn;
    const radius = index % 2 === 0 ? outer : inner;
    return `${round(Math.sin(angle) * radius)} ${round(-Math.cos(angle) * radius)}`;
  });
  return `M${corners.join('L')}Z`;
}

function shuffled<Item>(
  items: readonly [Item, Item, Item, Item],
  chance: number,
): readonly [Item, Item, Item, Item] {
  const [a, b, c, d] = items;
  const orders = [
    [a, b, c, d],
    [b, a, c, d],
    [a, c, b, d],
    [d, b, c, a],
  ] as const;
  return orders[chance % orders.length]!;
}

function bytesOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function numberOf(text: string): number {
  return bytesOf(text).readUInt32BE(0);
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Titles come from editors; XML also forbids most control characters, which titles never have. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ESCAPES[sign]!);
}
