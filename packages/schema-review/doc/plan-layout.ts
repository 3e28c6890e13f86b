/** Where the steps of a plan are drawn: what waits stands to the right, what runs at once above each other. */
import type { PlanStep } from '../cost/plan.ts';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  service: string;
  /** Where in the answer it goes, and under what condition. */
  notes: string[];
}

export interface Point {
  x: number;
  y: number;
}

export interface Drawing {
  width: number;
  height: number;
  boxes: Box[];
  lines: [from: Point, to: Point][];
  /** Where what comes before joins, and what comes after leaves. */
  entries: Point[];
  exits: Point[];
}

const ACROSS = 44;
const DOWN = 14;
const PADDING = 12;
const LINE = 18;
/** Of the page's small type, at its widest. */
const CHARACTER = 7.6;
const MAX_CHARACTERS = 40;

const EMPTY: Drawing = { width: 0, height: 0, boxes: [], lines: [], entries: [], exits: [] };

export function drawPlan(root: PlanStep | undefined): Drawing {
  return root ? draw(root, []) : EMPTY;
}

function draw(step: PlanStep, notes: readonly string[]): Drawing {
  switch (step.kind) {
    case 'fetch':
      return fetchBox(step.service, notes.map(shortened));
    case 'flatten':
      return draw(step.step, [...notes, step.path]);
    case 'condition': {
      const branches = [
        ...(step.then ? [draw(step.then, [...notes, `if ${step.condition}`])] : []),
        ...(step.otherwise ? [draw(step.otherwise, [...notes, `unless ${step.condition}`])] : []),
      ];
      return stacked(branches);
    }
    case 'parallel':
      return stacked(step.steps.map((one) => draw(one, notes)));
    case 'sequence':
      return inLine(step.steps.map((one) => draw(one, notes)));
    case 'subscription':
      return inLine([
        draw(step.primary, [...notes, 'events']),
        ...(step.rest ? [draw(step.rest, [...notes, 'per event'])] : []),
      ]);
  }
}

const shortened = (note: string) =>
  note.length > MAX_CHARACTERS ? `…${note.slice(1 - MAX_CHARACTERS)}` : note;

function fetchBox(service: string, notes: string[]): Drawing {
  const longest = Math.max(service.length, ...notes.map(({ length }) => length));
  const width = Math.max(64, Math.ceil(longest * CHARACTER) + 2 * PADDING);
  const height = 2 * PADDING + LINE * (1 + notes.length);
  return {
    width,
    height,
    boxes: [{ x: 0, y: 0, width, height, service, notes }],
    lines: [],
    entries: [{ x: 0, y: height / 2 }],
    exits: [{ x: width, y: height / 2 }],
  };
}

function stacked(drawings: readonly Drawing[]): Drawing {
  const shown = drawings.filter(({ boxes }) => boxes.length > 0);
  let y = 0;
  const placed = shown.map((one) => {
    const moved = move(one, 0, y);
    y += one.height + DOWN;
    return moved;
  });
  return joined(placed, Math.max(0, ...shown.map(({ width }) => width)), Math.max(0, y - DOWN), {
    entries: placed.flatMap(({ entries }) => entries),
    exits: placed.flatMap(({ exits }) => exits),
  });
}

function inLine(drawings: readonly Drawing[]): Drawing {
  const shown = drawings.filter(({ boxes }) => boxes.length > 0);
  const height = Math.max(0, ...shown.map((one) => one.height));
  let x = 0;
  const placed = shown.map((one) => {
    const moved = move(one, x, (height - one.height) / 2);
    x += one.width + ACROSS;
    return moved;
  });
  const between = placed.slice(1).flatMap(({ entries }, index) => {
    const before = placed[index]!;
    return before.exits.flatMap((from) => entries.map((to): [Point, Point] => [from, to]));
  });
  return joined(
    placed,
    Math.max(0, x - ACROSS),
    height,
    { entries: placed[0]?.entries ?? [], exits: placed.at(-1)?.exits ?? [] },
    between,
  );
}

function joined(
  placed: readonly Drawing[],
  width: number,
  height: number,
  ends: Pick<Drawing, 'entries' | 'exits'>,
  more: [Point, Point][] = [],
): Drawing {
  const lines = [...placed.flatMap((one) => one.lines), ...more];
  return { width, height, boxes: placed.flatMap(({ boxes }) => boxes), lines, ...ends };
}

function move(drawing: Drawing, dx: number, dy: number): Drawing {
  const by = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy });
  return {
    ...drawing,
    boxes: drawing.boxes.map(by),
    lines: drawing.lines.map(([from, to]) => [by(from), by(to)]),
    entries: drawing.entries.map(by),
    exits: drawing.exits.map(by),
  };
}
