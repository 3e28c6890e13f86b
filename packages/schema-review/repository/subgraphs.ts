/** The subgraphs that supergraph.yaml names, with their SDL. */
import { posix } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { InputError } from '../input-error.ts';
import type { Source } from '../source.ts';
import { parseGraphql } from './parse.ts';
import type { SubgraphFile } from './types.ts';

/** Some hundred thousand lines of SDL. */
const MAX_TOKENS = 1_000_000;

interface Entry {
  routing_url?: unknown;
  schema?: { file?: unknown; sdl?: unknown };
}

export async function readSubgraphs(source: Source, file: string): Promise<SubgraphFile[]> {
  const text = await source.read(file);
  if (text === undefined)
    throw new InputError(`${source.name} has no ${file}: name the subgraphs in one, in Rover's format.`);
  const entries = entriesOf(text, file, source.name);
  return Promise.all(entries.map(([name, entry]) => readSubgraph(source, file, name, entry)));
}

function entriesOf(text: string, file: string, where: string): [string, Entry][] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0]);
    const reason = fault.message.split(/ at line|\n/)[0];
    throw new InputError(`${file}:${line}:${col} in ${where} is not YAML: ${reason}. Correct it there.`);
  }
  const subgraphs = (readYaml(document, file, where) as { subgraphs?: unknown } | null)?.subgraphs;
  if (!isRecord(subgraphs) || Object.keys(subgraphs).length === 0) {
    throw new InputError(
      `${file} in ${where} names no subgraphs: it needs \`subgraphs: <name>: schema: file: <path>\`.`,
    );
  }
  return Object.entries(subgraphs) as [string, Entry][];
}

function readYaml(document: ReturnType<typeof parseDocument>, file: string, where: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases that are not there, or that would fill the memory.
    throw new InputError(
      `${file} in ${where} cannot be read: ${(error as Error).message}. Correct its aliases.`,
    );
  }
}

async function readSubgraph(
  source: Source,
  config: string,
  name: string,
  entry: Entry,
): Promise<SubgraphFile> {
  const schema = isRecord(entry) ? entry.schema : undefined;
  const url = isRecord(entry) && typeof entry.routing_url === 'string' ? entry.routing_url : '';
  const { sdl: inline, file: path } = isRecord(schema) ? schema : {};
  if (typeof inline === 'string') {
    const document = parseGraphql(inline, `${config}#${name}`, { where: source.name, maxTokens: MAX_TOKENS });
    return { name, url, file: `${config}#${name}`, sdl: inline, document };
  }
  if (typeof path !== 'string') {
    throw new InputError(
      `${config} in ${source.name} gives no SDL file for ${name}: it needs \`schema: file: <path>\`, since nothing is fetched from elsewhere.`,
    );
  }
  const file = posix.normalize(posix.join(posix.dirname(config), path));
  const sdl = await source.read(file);
  if (sdl === undefined) {
    throw new InputError(
      `${config} names ${file} for ${name}, and ${source.name} has no such file: correct the path, or add the file.`,
    );
  }
  const document = parseGraphql(sdl, file, { where: source.name, maxTokens: MAX_TOKENS });
  return { name, url, file, sdl, document };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
