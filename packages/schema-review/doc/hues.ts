/** A colour for each subgraph, the same wherever it is named. */
export type HueOf = (subgraph: string) => number;

/** By steps of the golden angle, so that however many there are, each is apart from those before it. */
const STEP = 137.508;

export function huesOf(subgraphs: readonly string[]): HueOf {
  const hues = new Map(
    [...subgraphs].sort().map((name, index) => [name, Math.round(30 + index * STEP) % 360]),
  );
  return (subgraph) => hues.get(subgraph) ?? 0;
}
