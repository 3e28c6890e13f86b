/** Where a reviewer is to look: in head if it is still there, else in base. */
import type { Place } from './finding.ts';
import type { Snapshot } from './snapshot.ts';

export interface Whereabouts {
  subgraph?: string;
  place?: Place;
  base?: Place;
}

export function whereabouts(
  coordinate: string,
  { base, head }: { base: Snapshot; head: Snapshot },
  subgraph?: string,
): Whereabouts {
  if (coordinate === '') return ofSubgraph(subgraph, head) ?? ofSubgraph(subgraph, base) ?? {};
  const now = head.locations.of(coordinate, subgraph);
  const before = base.locations.of(coordinate, subgraph) ?? base.locations.of(coordinate);
  const shown = now ?? head.locations.of(coordinate) ?? before;
  const owner = subgraph ?? shown?.subgraph;
  return {
    ...(owner !== undefined && { subgraph: owner }),
    ...(shown && { place: plain(shown) }),
    ...(before && { base: plain(before) }),
  };
}

const plain = ({ file, line, column, length }: Place): Place => ({
  file,
  line,
  column,
  ...(length !== undefined && { length }),
});

function ofSubgraph(name: string | undefined, { repository }: Snapshot): Whereabouts | undefined {
  const subgraph = repository.subgraphs.find((one) => one.name === name);
  return subgraph && { subgraph: subgraph.name, place: { file: subgraph.file, line: 1, column: 1 } };
}
