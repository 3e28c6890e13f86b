/** Results kept for as long as a suite runs, as the command keeps them in a folder. */
import type { Kept } from '../prepare/kept.ts';

export function keepHere(): Kept {
  const values = new Map<string, unknown>();
  return {
    read: async <T>(name: string) => values.get(name) as T | undefined,
    write: async (name, value) => {
      values.set(name, value);
    },
  };
}
