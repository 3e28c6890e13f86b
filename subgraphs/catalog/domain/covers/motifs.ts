/**
 * Tiles that covers are laid with. Each is drawn in a square from -50 to 50, and continues at its edges, so that any
 * number of the same one make a pattern. What a tile has is turned four or eight times around its middle.
 */

/** Four fills by number; `line` is the joint between the pieces. */
export interface Fills {
  ground: string;
  fills: readonly [string, string, string, string];
  line: string;
}

export type Motif = (colours: Fills) => string;

type Point = readonly [x: number, y: number];

function polygon(points: readonly Point[], fill: string): string {
  return `<path d="M${points.map(([x, y]) => `${short(x)} ${short(y)}`).join('L')}Z" fill="${fill}"/>`;
}

function short(number: number): string {
  return String(Math.round(number * 10) / 10);
}

/** `inner` and `outer` in turn, `points` times around. */
function star(points: number, outer: number, inner: number, turn = 0): Point[] {
  return Array.from({ length: points * 2 }, (_, index) => {
    const angle = (index * Math.PI) / points + turn;
    const radius = index % 2 === 0 ? outer : inner;
    return [Math.sin(angle) * radius, -Math.cos(angle) * radius];
  });
}

function turned(shape: string, times: number, from = 0): string {
  return Array.from(
    { length: times },
    (_, index) => `<g transform="rotate(${short(from + (index * 360) / times)})">${shape}</g>`,
  ).join('');
}

/** At the four corners, where four tiles meet and make it whole. */
function atCorners(points: readonly Point[], fill: string): string {
  const corners: Point[] = [
    [-50, -50],
    [50, -50],
    [50, 50],
    [-50, 50],
  ];
  return corners
    .map(([x, y]) =>
      polygon(
        points.map(([px, py]): Point => [px + x, py + y]),
        fill,
      ),
    )
    .join('');
}

/** An eight-pointed star with kites around it and a smaller star where four tiles meet. */
const khatam: Motif = ({ fills: [a, b, c, d] }) =>
  turned(
    polygon(
      [
        [0, -50],
        [14.6, -35.4],
        [0, -24],
        [-14.6, -35.4],
      ],
      b,
    ),
    4,
  ) +
  polygon(star(8, 34, 26), a) +
  polygon(star(8, 20, 12, Math.PI / 8), c) +
  polygon(star(8, 8, 8), d) +
  atCorners(star(8, 24, 17), d) +
  atCorners(star(4, 12, 6), c);

/** Crosses between stars, as walls in the Alhambra have them. */
const crossAndStar: Motif = ({ fills: [a, b, c, d] }) =>
  polygon(
    [
      [0, -50],
      [14, -36],
      [14, -14],
      [36, -14],
      [50, 0],
      [36, 14],
      [14, 14],
      [14, 36],
      [0, 50],
      [-14, 36],
      [-14, 14],
      [-36, 14],
      [-50, 0],
      [-36, -14],
      [-14, -14],
      [-14, -36],
    ],
    b,
  ) +
  polygon(star(4, 20, 9, Math.PI / 4), c) +
  polygon(star(4, 9, 9), a) +
  atCorners(star(8, 34, 26, Math.PI / 8), a) +
  atCorners(star(8, 18, 11), d);

/** Petals that overlap around a rosette of twelve. */
const rosette: Motif = ({ fills: [a, b, c, d], line }) =>
  turned('<path d="M0 -47C13 -34 13 -20 0 -8C-13 -20 -13 -34 0 -47Z" fill="'.concat(a, '"/>'), 4) +
  turned('<path d="M0 -42C9 -32 9 -20 0 -8C-9 -20 -9 -32 0 -42Z" fill="'.concat(b, '"/>'), 4, 45) +
  polygon(star(12, 17, 10), c) +
  `<circle r="5" fill="${line}"/>` +
  atCorners(star(8, 22, 15), d) +
  atCorners(star(8, 9, 6), c);

/** Lozenges within lozenges, as on flat-woven rugs. */
const kilim: Motif = ({ fills: [a, b, c, d] }) =>
  polygon(
    [
      [0, -50],
      [50, 0],
      [0, 50],
      [-50, 0],
    ],
    a,
  ) +
  polygon(
    [
      [0, -36],
      [12, -24],
      [12, -12],
      [24, -12],
      [36, 0],
      [24, 12],
      [12, 12],
      [12, 24],
      [0, 36],
      [-12, 24],
      [-12, 12],
      [-24, 12],
      [-36, 0],
      [-24, -12],
      [-12, -12],
      [-12, -24],
    ],
    b,
  ) +
  polygon(
    [
      [0, -18],
      [18, 0],
      [0, 18],
      [-18, 0],
    ],
    c,
  ) +
  polygon(
    [
      [0, -8],
      [8, 0],
      [0, 8],
      [-8, 0],
    ],
    d,
  ) +
  atCorners(
    [
      [0, -30],
      [10, -10],
      [30, 0],
      [10, 10],
      [0, 30],
      [-10, 10],
      [-30, 0],
      [-10, -10],
    ],
    d,
  ) +
  atCorners(
    [
      [0, -13],
      [13, 0],
      [0, 13],
      [-13, 0],
    ],
    c,
  );

/** Scales in rows, the lower upon the upper, as fountains are lined with. Rows reach beyond the tile to join the next. */
const scales: Motif = ({ fills: [a, b, c, d], line }) => {
  const rows = [-100, -75, -50, -25, 0, 25, 50, 75, 100];
  return rows
    .map((y, index) => {
      const fill = [b, a, d, a][index % 4]!;
      return (index % 2 === 0 ? [-50, 50] : [0])
        .map(
          (x) =>
            `<g transform="translate(${x} ${y})"><circle r="50" fill="${fill}"/><circle r="37" fill="${line}"/>` +
            `<circle r="32" fill="${c}"/><circle r="17" fill="${fill}"/></g>`,
        )
        .join('');
    })
    .join('');
};

/** A six-pointed lattice of bands, laid over one another. */
const lattice: Motif = ({ fills: [a, b, c, d], line }) =>
  polygon(star(8, 46, 33, Math.PI / 8), b) +
  `<g fill="none" stroke="${line}" stroke-width="5"><path d="M-50 -20L-20 -50M20 -50L50 -20M50 20L20 50M-20 50L-50 20"/><rect x="-26" y="-26" width="52" height="52"/><rect x="-26" y="-26" width="52" height="52" transform="rotate(45)"/></g>` +
  polygon(star(8, 22, 16, Math.PI / 8), a) +
  polygon(star(4, 15, 6), c) +
  atCorners(star(4, 24, 12), d) +
  atCorners(star(4, 10, 10), c);

export const MOTIFS: readonly Motif[] = [khatam, crossAndStar, rosette, kilim, scales, lattice];
