// Finding the foreign documents of a join: through an index, or through a table of the whole collection.
import { parseFieldPath } from '../expressions/field-path.ts';
import { docFrom } from '../values/fields.ts';
import { hashKey } from '../values/hash-key.ts';
import { isRegex } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { foreignValues } from './join-keys.ts';
import { bytesOf, MEMORY_LIMIT } from './memory.ts';
import type { PipelineContext } from './stage.ts';

export interface ForeignCollection {
  /** The documents that hold one of the values at the path, each once, in the order of the collection. */
  find(values: readonly Value[]): Iterable<Doc>;
}

/** Looking through the collection for each of this many documents costs no more than building the table. */
const READS_BEFORE_TABLE = 2;

export function foreignCollection(name: string, field: string, context: PipelineContext): ForeignCollection {
  const path = parseFieldPath(field);
  const indexed = field === '_id' || context.hasIndexOn?.(name, field) === true;
  let reads = 0;
  let table: Table | 'too large' | undefined;
  return {
    find(values) {
      if (!indexed && table === undefined && reads++ >= READS_BEFORE_TABLE) {
        table = buildTable(name, path, context);
      }
      if (table !== undefined && table !== 'too large') return lookUp(table, name, values, context);
      if (canUseFilter(values, path)) return context.readCollection(name, filterFor(field, values));
      return scan(name, path, values, context);
    },
  };
}

/** A filter's null means less than a join's below arrays. */
function canUseFilter(values: readonly Value[], path: readonly string[]): boolean {
  return path.length === 1 || !values.includes(null);
}

function filterFor(field: string, values: readonly Value[]): Doc {
  const [only] = values;
  if (values.length === 1) return equalTo(field, only as Value);
  if (!values.some(isRegex)) return docFrom([[field, docFrom([['$in', [...values]]])]]);
  // In $in a regular expression would match texts instead of itself.
  return docFrom([['$or', values.map((value) => equalTo(field, value))]]);
}

function equalTo(field: string, value: Value): Doc {
  return docFrom([[field, docFrom([['$eq', value]])]]);
}

interface Entry {
  id: Value;
  /** Kept as long as there is room, read again otherwise. */
  doc: Doc | undefined;
}

interface Table {
  /** Positions among the entries, by the key of each value. */
  positions: Map<string, number[]>;
  entries: Entry[];
}

const BYTES_OF_POSITION = 48;

function buildTable(name: string, path: readonly string[], context: PipelineContext): Table | 'too large' {
  const positions = new Map<string, number[]>();
  const entries: Entry[] = [];
  let bytes = 0;
  let bytesOfDocs = 0;
  for (const doc of context.readCollection(name)) {
    bytesOfDocs += bytesOf(doc);
    const position =
      entries.push({ id: doc._id ?? null, doc: bytesOfDocs > MEMORY_LIMIT / 2 ? undefined : doc }) - 1;
    for (const value of foreignValues(doc, path)) {
      const key = hashKey(value, context.collator);
      const known = positions.get(key);
      if (known === undefined) positions.set(key, [position]);
      else if (known.at(-1) !== position) known.push(position);
      bytes += BYTES_OF_POSITION + (known ? 0 : key.length);
    }
    if (bytes > MEMORY_LIMIT / 2) return 'too large';
  }
  return { positions, entries };
}

function* lookUp(
  { positions, entries }: Table,
  name: string,
  values: readonly Value[],
  { collator, readCollection }: PipelineContext,
): Iterable<Doc> {
  const lists = values.map((value) => positions.get(hashKey(value, collator)) ?? []);
  const [only] = lists;
  const found = lists.length === 1 ? (only as number[]) : [...new Set(lists.flat())].sort((a, b) => a - b);
  for (const position of found) {
    const { id, doc } = entries[position] as Entry;
    if (doc) yield doc;
    else yield* readCollection(name, equalTo('_id', id));
  }
}

function* scan(
  name: string,
  path: readonly string[],
  values: readonly Value[],
  context: PipelineContext,
): Iterable<Doc> {
  const wanted = new Set(values.map((value) => hashKey(value, context.collator)));
  for (const doc of context.readCollection(name)) {
    if (foreignValues(doc, path).some((value) => wanted.has(hashKey(value, context.collator)))) yield doc;
  }
}
