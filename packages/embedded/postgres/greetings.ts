/**
 * The settings that a new client is told of. They depend on those in its start-up packet; what the engine once answered
 * to a set of them is kept, so that a client can be greeted while a transaction of another one holds the engine.
 */
import type { Setting } from './channel.ts';

export interface Greetings {
  find(settings: readonly Setting[]): readonly Setting[] | undefined;
  keep(settings: readonly Setting[], told: readonly Setting[]): void;
}

/** Clients that make up a new set for each connection ask the engine each time. */
const MAX_KEPT = 100;

/** The one setting that each client has its own value of, and any value is right. */
const FREE = 'application_name';

export function createGreetings(parameters: readonly Setting[]): Greetings {
  const known = new Map<string, readonly Setting[]>([[keyOf([]), parameters]]);
  return {
    find(settings) {
      const told = known.get(keyOf(settings));
      const name = settings.find(([setting]) => setting === FREE)?.[1];
      return told?.map(([setting, value]): Setting => {
        if (setting === FREE) return [setting, name === undefined ? value : asciiOnly(name)];
        return [setting, value];
      });
    },
    keep(settings, told) {
      if (known.size < MAX_KEPT) known.set(keyOf(settings), told);
    },
  };
}

const keyOf = (settings: readonly Setting[]) => JSON.stringify(settings.filter(([name]) => name !== FREE));

/** As Postgres does it: each byte that is no printable ASCII character in hexadecimal. */
const asciiOnly = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) =>
      byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
