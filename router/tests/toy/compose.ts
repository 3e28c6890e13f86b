/**
 * Supergraphs of tests, each composed once and kept by its content: most suites want one of the same few, and to compose it
 * takes longer than many of their tests.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'graphql';

const FOLDER = fileURLToPath(new URL('../../../node_modules/.cache/souk-supergraphs', import.meta.url));
const require = createRequire(import.meta.url);
const { version } = require('@apollo/composition/package.json') as { version: string };

/** SDL by name of the subgraph. */
type Sdl = Record<string, string>;

const composed = new Map<string, string>();

/** Where no URL is given, it is one that nobody answers at. */
export function composeOnce(sdl: Sdl, urls: Record<string, string> = {}): string {
  const key = createHash('sha256')
    .update(JSON.stringify([version, sdl]))
    .digest('hex');
  const supergraph = composed.get(key) ?? readKept(key) ?? composeAndKeep(key, sdl);
  composed.set(key, supergraph);
  return Object.entries(urls).reduce(
    (text, [name, url]) => text.replace(`url: "${placeholder(name)}"`, `url: ${JSON.stringify(url)}`),
    supergraph,
  );
}

const placeholder = (name: string) => `http://${name}.invalid/graphql`;
const fileOf = (key: string) => join(FOLDER, `${key}.graphql`);

function readKept(key: string): string | undefined {
  try {
    return readFileSync(fileOf(key), 'utf8');
  } catch {
    // Nobody has wanted it yet.
    return undefined;
  }
}

function composeAndKeep(key: string, sdl: Sdl): string {
  // Loaded only here: that alone takes as long as to compose.
  const { composeServices } = require('@apollo/composition') as typeof import('@apollo/composition');
  const { errors, supergraphSdl } = composeServices(
    Object.entries(sdl).map(([name, text]) => ({ name, url: placeholder(name), typeDefs: parse(text) })),
  );
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  mkdirSync(FOLDER, { recursive: true });
  // Whole or not at all: another worker may be reading.
  const making = `${fileOf(key)}.${process.pid}.tmp`;
  writeFileSync(making, supergraphSdl);
  renameSync(making, fileOf(key));
  return supergraphSdl;
}
