/** How many of a kind there are by name, up to a bound for each. Memory holds those alone that have one. */

export interface Counts {
  /** What has no name is not counted. */
  hasRoom(name: string | undefined): boolean;
  take(name: string | undefined): void;
  give(name: string | undefined): void;
}

/** 0 bounds nobody. */
export function createCounts(most: number): Counts {
  const counts = new Map<string, number>();
  return {
    hasRoom: (name) => most === 0 || name === undefined || (counts.get(name) ?? 0) < most,
    take: (name) => {
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    give: (name) => {
      if (name === undefined) return;
      const count = counts.get(name) ?? 0;
      if (count > 1) counts.set(name, count - 1);
      else counts.delete(name);
    },
  };
}
