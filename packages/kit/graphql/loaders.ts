/** DataLoaders, made anew for each request: they batch what one request asks for and forget it with the request. */
import DataLoader from 'dataloader';

export type OneLoader<Row> = DataLoader<string, Row | undefined>;
export type ManyLoader<Row> = DataLoader<string, Row[]>;

/** One row a key. `fetch` may answer in any order and leave keys out. */
export function loadOne<Row>(
  fetch: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): OneLoader<Row> {
  return new DataLoader(async (keys) => {
    const rows = new Map((await fetch(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key));
  });
}

/** Any number of rows a key, in the order in which `fetch` answers them. */
export function loadMany<Row>(
  fetch: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): ManyLoader<Row> {
  return new DataLoader(async (keys) => {
    const groups = new Map<string, Row[]>();
    for (const row of await fetch(keys)) {
      const key = keyOf(row);
      const group = groups.get(key);
      if (group) group.push(row);
      else groups.set(key, [row]);
    }
    return keys.map((key) => groups.get(key) ?? []);
  });
}
