// $setWindowFields: partitions, each sorted, and in each document what its window holds.
import { failedToParse, location, typeMismatch } from '../errors.ts';
import { parseFieldPath } from '../expressions/field-path.ts';
import { compareSortKeys, parseSort, type SortPart, sortKey } from '../query/sort.ts';
import { compareValues } from '../values/compare.ts';
import { hashKey } from '../values/hash-key.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { compileOver, type EvaluateDoc } from './evaluate.ts';
import { checkedFields } from './fields.ts';
import { bytesOf, type MemoryAccount, memoryAccount, memoryExceeded } from './memory.ts';
import type { PipelineContext, StageCompiler } from './stage.ts';
import { withPath } from './unwind.ts';
import type { Partition, WindowFunction } from './window.ts';
import { compileWindowFunction } from './window-functions.ts';

interface Output {
  path: string[];
  compute: WindowFunction;
}

export const compileSetWindowFields: StageCompiler = (spec, context, { name }) => {
  if (!isDoc(spec)) {
    throw failedToParse(`the ${name} stage specification must be an object, found ${kindOf(spec)}`);
  }
  const fields = checkedFields(spec, name, {
    partitionBy: {},
    sortBy: { kinds: ['object'] },
    output: { kinds: ['object'], required: true },
  });
  const partitionBy = fields.partitionBy === undefined ? undefined : compileOver(fields.partitionBy, context);
  const sortBy = fields.sortBy === undefined ? [] : parseSort(fields.sortBy as Doc);
  const outputs = compileOutputs(fields.output as Doc, sortBy, context);
  return function* setWindowFields(input) {
    const memory = memoryAccount(() => memoryExceeded('$setWindowFields'));
    for (const docs of partitioned(input, partitionBy, context, memory)) {
      yield* withOutputs(sorted(docs, sortBy, context), outputs, memory);
    }
  };
};

function compileOutputs(spec: Doc, sortBy: readonly SortPart[], context: PipelineContext): Output[] {
  const paths = Object.keys(spec);
  if (paths.some((path) => paths.some((other) => other.startsWith(`${path}.`)))) {
    throw location(6307900, "$setWindowFields 'output' specification contains two conflicting paths");
  }
  return paths.map((path) => ({
    path: parseFieldPath(path),
    compute: compileWindowFunction(path, spec[path] as Value, { pipeline: context, sortBy }),
  }));
}

/** The documents of each partition, the partitions in the order of what they are made by. */
function partitioned(
  input: Iterable<Doc>,
  partitionBy: EvaluateDoc | undefined,
  { collator }: PipelineContext,
  memory: MemoryAccount,
): Doc[][] {
  const partitions = new Map<string, { value: Value; docs: Doc[] }>();
  for (const doc of input) {
    memory.add(bytesOf(doc) + 32);
    const value = partitionBy?.(doc) ?? null;
    if (Array.isArray(value)) {
      throw typeMismatch('An expression used to partition cannot evaluate to value of type array');
    }
    const key = hashKey(value, collator);
    const partition = partitions.get(key);
    if (partition) partition.docs.push(doc);
    else partitions.set(key, { value, docs: [doc] });
  }
  const inOrder = [...partitions.values()].sort((a, b) => compareValues(a.value, b.value, collator));
  return inOrder.map(({ docs }) => docs);
}

function sorted(docs: Doc[], sortBy: readonly SortPart[], { collator }: PipelineContext): Partition {
  const entries = docs.map((doc) => ({ doc, key: sortKey(doc, sortBy, collator) }));
  const compare = compareSortKeys(sortBy, collator);
  if (sortBy.length > 0) entries.sort((a, b) => compare(a.key, b.key));
  return { docs: entries.map(({ doc }) => doc), keys: entries.map(({ key }) => key) };
}

function* withOutputs(partition: Partition, outputs: Output[], memory: MemoryAccount): Iterable<Doc> {
  const columns = outputs.map(({ compute }) => compute(partition, memory));
  for (const [i, doc] of partition.docs.entries()) {
    let changed = doc;
    outputs.forEach(({ path }, column) => {
      changed = withPath(changed, path, columns[column]?.[i]);
    });
    yield changed;
  }
}
