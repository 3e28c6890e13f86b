/** Documents that clients registered before they were shipped: read from manifests once, at the start. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DocumentNode, Kind, parse } from 'graphql';

export interface Registered {
  /** By the id in its manifest; one that begins with `sha256:` is found by the bare hash as well. */
  textOf(id: string): string | undefined;
  /** All of them, for plans that are made before they are asked for. */
  texts: readonly string[];
  /** Names of all operations in them. */
  operationNames: ReadonlySet<string>;
}

/** Whoever wrote the manifest reads the message. */
export class ManifestError extends Error {
  override name = 'ManifestError';
}

const SHA256 = 'sha256:';

/** A folder stands for every .json below it. */
export async function readRegistered(paths: readonly string[]): Promise<Registered> {
  const texts = new Map<string, string>();
  const operationNames = new Set<string>();
  for (const file of (await Promise.all(paths.map(manifestsAt))).flat()) {
    for (const [id, text] of entriesOf(await readManifest(file), file)) {
      const known = texts.get(id);
      if (known !== undefined && known !== text) {
        throw new ManifestError(`the id ${id} in ${file} is registered with another text already`);
      }
      for (const name of namesIn(parseText(text, id, file))) operationNames.add(name);
      texts.set(id, text);
      if (id.startsWith(SHA256)) texts.set(id.slice(SHA256.length), text);
    }
  }
  return { textOf: (id) => texts.get(id), texts: [...new Set(texts.values())], operationNames };
}

async function manifestsAt(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.json'));
    return names.sort().map((name) => join(path, name));
  } catch (error) {
    // Not there, or not ours to read: the message says which.
    throw new ManifestError(`the manifest ${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function readManifest(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    // No JSON, or gone since it was listed: the message of either says which.
    throw new ManifestError(`the manifest ${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** `{ id: text }` as GraphQL Code Generator and Relay write it, or Apollo's list of operations. */
function entriesOf(manifest: unknown, file: string): [string, string][] {
  const { operations } = (manifest ?? {}) as { operations?: unknown };
  const entries: [unknown, unknown][] = Array.isArray(operations)
    ? operations.map((operation) => [operation?.id, operation?.body])
    : Object.entries(manifest ?? {});
  const wrong = entries.find(([id, text]) => typeof id !== 'string' || typeof text !== 'string');
  if (wrong || typeof manifest !== 'object' || manifest === null) {
    throw new ManifestError(
      `the manifest ${file} must be a JSON object of documents by id, or Apollo's with a list of operations`,
    );
  }
  return entries as [string, string][];
}

function parseText(text: string, id: string, file: string): DocumentNode {
  try {
    return parse(text, { noLocation: true });
  } catch (error) {
    // A manifest that was cut or edited by hand must not be found out by its clients.
    throw new ManifestError(`the document ${id} in ${file} is not GraphQL: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function namesIn(document: DocumentNode): string[] {
  return document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION && node.name ? [node.name.value] : [],
  );
}
