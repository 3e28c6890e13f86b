/** The files that the promises are about, as they stand in the repository. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../start/root.ts';

export const fileText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
export const isThere = (path: string): boolean => existsSync(join(ROOT, path));
export const namesIn = (path: string): string[] => readdirSync(join(ROOT, path));

export const supergraphSdl = fileText('schema/supergraph.graphql');

export interface Operation {
  client: string;
  name: string;
  kind: 'query' | 'mutation' | 'subscription';
  text: string;
}

/** Those that real clients run, by `schema/operations/<client>/<name>.graphql`. */
export function registeredOperations(): Operation[] {
  return namesIn('schema/operations').flatMap((client) =>
    namesIn(`schema/operations/${client}`)
      .filter((file) => file.endsWith('.graphql'))
      .map((file) => {
        const text = fileText(`schema/operations/${client}/${file}`);
        const [, kind, name] = /^(query|mutation|subscription) (\w+)/m.exec(text)!;
        return { client, name: name!, kind: kind as Operation['kind'], text };
      }),
  );
}
