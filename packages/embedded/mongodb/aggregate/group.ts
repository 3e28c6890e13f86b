// $group: one document for each key, with what the accumulators made of the documents that share it.
import { location } from '../errors.ts';
import { docFrom, newDoc, setField } from '../values/fields.ts';
import { hashKey } from '../values/hash-key.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { type AccumulatedField, compileAccumulatedField, type DocAccumulator } from './accumulators.ts';
import { compileOver, type EvaluateDoc } from './evaluate.ts';
import { bytesOf, type MemoryAccount, memoryAccount, noDiskUse } from './memory.ts';
import type { PipelineContext, Stage, StageCompiler } from './stage.ts';

export const compileGroup: StageCompiler = (spec, context) => {
  if (!isDoc(spec)) throw location(15947, "a group's fields must be specified in an object");
  let id: EvaluateDoc | undefined;
  const fields: AccumulatedField[] = [];
  for (const name of Object.keys(spec)) {
    const value = spec[name] as Value;
    if (name === '_id') id = compileOver(value, context);
    else if (name !== '$doingMerge') fields.push(compileAccumulatedField(name, value, context));
  }
  if (!id) throw location(15955, 'a group specification must include an _id');
  return grouping(id, fields, context);
};

interface Group {
  id: Value;
  accumulators: DocAccumulator[];
}

const BYTES_OF_GROUP = 128;

export function grouping(id: EvaluateDoc, fields: AccumulatedField[], { collator }: PipelineContext): Stage {
  return function* group(input) {
    const memory = memoryAccount(() =>
      noDiskUse("Exceeded memory limit for $group, but didn't allow external sort."),
    );
    const groups = new Map<string, Group>();
    for (const doc of input) {
      // A missing key and a null one make the same group.
      const value = id(doc) ?? null;
      const key = hashKey(value, collator);
      let found = groups.get(key);
      if (!found) {
        found = openGroup(value, fields);
        groups.set(key, found);
        memory.add(BYTES_OF_GROUP + key.length + bytesOf(value));
      }
      addToGroup(found, doc, memory);
    }
    for (const { id: key, accumulators } of groups.values()) yield closeGroup(key, fields, accumulators);
  };
}

export function openGroup(id: Value, fields: AccumulatedField[]): Group {
  const root = isDoc(id) ? id : newDoc();
  return { id, accumulators: fields.map(({ make }) => make(root)) };
}

export function addToGroup({ accumulators }: Group, doc: Doc, memory: MemoryAccount): void {
  for (const accumulator of accumulators) {
    const before = accumulator.bytes;
    accumulator.add(doc);
    memory.add(accumulator.bytes - before);
  }
}

export function closeGroup(id: Value, fields: AccumulatedField[], accumulators: DocAccumulator[]): Doc {
  const doc = docFrom([['_id', id]]);
  fields.forEach(({ name }, i) => {
    setField(doc, name, accumulators[i]?.result());
  });
  return doc;
}
