// $out and $merge: parsed and checked here, carried out by whoever may write.
import { location, MongoError } from '../errors.ts';
import { parseFieldPath } from '../expressions/field-path.ts';
import { checkVariableForWrite } from '../expressions/variable-names.ts';
import { docFrom, hasField, setField } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { checkedFields } from './fields.ts';

export type WhenMatched = 'replace' | 'keepExisting' | 'merge' | 'fail' | { pipeline: Value[] };
export type WhenNotMatched = 'insert' | 'discard' | 'fail';

export interface OutStage {
  kind: '$out';
  /** undefined stands for the database of the command. */
  database?: string;
  collection: string;
}

export interface MergeStage {
  kind: '$merge';
  database?: string;
  collection: string;
  /** The fields that find the document to merge with; a unique index on them has to exist. */
  on: string[];
  whenMatched: WhenMatched;
  whenNotMatched: WhenNotMatched;
  /** Of a pipeline: expressions over the new document, `new` among them. */
  let?: Doc;
}

export type OutputStage = OutStage | MergeStage;

/** Takes $out or $merge off the end; anywhere else they are refused. */
export function splitOutput(stages: Value[]): { stages: Value[]; output?: OutputStage } {
  const last = stages.at(-1);
  stages.slice(0, -1).forEach(refuseOutputStage);
  if (!isOutput(last)) return { stages };
  const name = Object.keys(last)[0] as string;
  const spec = last[name] as Value;
  return { stages: stages.slice(0, -1), output: name === '$out' ? parseOut(spec) : parseMerge(spec) };
}

function isOutput(stage: Value | undefined): stage is Doc {
  if (!isDoc(stage)) return false;
  const names = Object.keys(stage);
  return names.length === 1 && (names[0] === '$out' || names[0] === '$merge');
}

function refuseOutputStage(stage: Value): void {
  if (!isOutput(stage)) return;
  throw location(40601, `${Object.keys(stage)[0]} can only be the final stage in the pipeline`);
}

function parseOut(spec: Value): OutStage {
  if (typeof spec === 'string') return { kind: '$out', collection: checkTarget(spec, '$out') };
  if (!isDoc(spec)) {
    throw location(16990, `$out only supports a string or object argument, but found ${kindOf(spec)}`);
  }
  const fields = checkedFields(spec, '$out', {
    db: { required: true, kinds: ['string'] },
    coll: { required: true, kinds: ['string'] },
    timeseries: {},
  });
  if (fields.timeseries !== undefined) {
    throw new MongoError(238, 'NotImplemented', '$out to a time series collection is not supported');
  }
  const collection = checkTarget(fields.coll as string, '$out');
  return { kind: '$out', database: checkDatabase(fields.db as string, '$out'), collection };
}

/** `system.` collections and the internal databases are not for clients to write to. */
function checkTarget(name: string, stage: string): string {
  if (
    name === '' ||
    name.includes('\0') ||
    name.startsWith('.') ||
    name.endsWith('.') ||
    name.includes('$')
  ) {
    throw new MongoError(73, 'InvalidNamespace', `Invalid ${stage} target namespace: '${name}'`);
  }
  if (name.startsWith('system.')) {
    throw location(stage === '$out' ? 17385 : 31319, `Cannot ${stage} to special collection: ${name}`);
  }
  return name;
}

function checkDatabase(name: string, stage: string): string {
  if (name === '' || /[\0/\\. "$]/.test(name)) {
    throw new MongoError(73, 'InvalidNamespace', `Invalid ${stage} target namespace: '${name}'`);
  }
  if (['admin', 'config', 'local'].includes(name)) {
    throw location(stage === '$out' ? 31321 : 31320, `Cannot ${stage} to internal database: ${name}`);
  }
  return name;
}

const MATCHED = ['replace', 'keepExisting', 'merge', 'fail'] as const;
const NOT_MATCHED = ['insert', 'discard', 'fail'] as const;

function parseMerge(spec: Value): MergeStage {
  if (typeof spec === 'string') return mergeInto({ into: spec });
  if (!isDoc(spec)) {
    throw location(51182, `$merge only supports a string or object argument, not ${kindOf(spec)}`);
  }
  return mergeInto(
    checkedFields(spec, '$merge', {
      into: { required: true },
      on: {},
      let: { kinds: ['object'] },
      whenMatched: {},
      whenNotMatched: { kinds: ['string'] },
      targetCollectionVersion: {},
    }),
  );
}

type MergeFields = Partial<Record<'into' | 'on' | 'let' | 'whenMatched' | 'whenNotMatched', Value>>;

function mergeInto(fields: MergeFields): MergeStage {
  const target = mergeTarget(fields.into as Value);
  const on = fields.on === undefined ? ['_id'] : mergeOn(fields.on);
  const whenMatched = fields.whenMatched === undefined ? 'merge' : matchedMode(fields.whenMatched);
  const whenNotMatched =
    fields.whenNotMatched === undefined ? 'insert' : notMatchedMode(fields.whenNotMatched);
  checkModes(whenMatched, whenNotMatched);
  const variables = mergeLet(fields.let as Doc | undefined, whenMatched);
  return { kind: '$merge', ...target, on, whenMatched, whenNotMatched, ...(variables && { let: variables }) };
}

function mergeTarget(into: Value): { database?: string; collection: string } {
  if (typeof into === 'string') return { collection: checkTarget(into, '$merge') };
  if (!isDoc(into)) {
    throw location(
      51178,
      `$merge 'into' field  must be either a string or an object, but found ${kindOf(into)}`,
    );
  }
  const { db, coll } = checkedFields(into, '$merge.into', {
    db: { kinds: ['string'] },
    coll: { kinds: ['string'] },
  });
  if (coll === undefined) {
    throw location(51178, `$merge 'into' field must specify a 'coll' that is not empty, null or undefined`);
  }
  const collection = checkTarget(coll as string, '$merge');
  return db === undefined ? { collection } : { database: checkDatabase(db as string, '$merge'), collection };
}

function mergeOn(spec: Value): string[] {
  if (typeof spec !== 'string' && !Array.isArray(spec)) {
    throw location(
      51186,
      `$merge 'on' field  must be either a string or an array of strings, but found ${kindOf(spec)}`,
    );
  }
  const fields = Array.isArray(spec) ? spec : [spec];
  if (fields.length === 0) {
    throw location(51187, 'If explicitly specifying $merge "on", must include at least one field');
  }
  const names = fields.map((field) => {
    if (typeof field === 'string') return parseFieldPath(field).join('.');
    throw location(51134, `$merge 'on' array elements must be strings, but found ${kindOf(field)}`);
  });
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw location(31465, `Found a duplicate field '${repeated}'`);
  return names;
}

function matchedMode(spec: Value): WhenMatched {
  if (Array.isArray(spec)) {
    for (const stage of spec) {
      if (!isDoc(stage)) {
        throw new MongoError(14, 'TypeMismatch', "Each element of the 'pipeline' array must be an object");
      }
    }
    return { pipeline: spec };
  }
  if (typeof spec !== 'string') {
    throw location(
      51191,
      `$merge 'whenMatched' field  must be either a string or an array, but found ${kindOf(spec)}`,
    );
  }
  const mode = MATCHED.find((known) => known === spec);
  if (mode) return mode;
  throw new MongoError(
    2,
    'BadValue',
    `Enumeration value '${spec}' for field '$merge.whenMatched' is not a valid value.`,
  );
}

function notMatchedMode(spec: Value): WhenNotMatched {
  const mode = NOT_MATCHED.find((known) => known === spec);
  if (mode) return mode;
  throw new MongoError(
    2,
    'BadValue',
    `Enumeration value '${spec}' for field '$merge.whenNotMatched' is not a valid value.`,
  );
}

const UNSUPPORTED = new Set(['keepExisting discard', 'fail discard', 'fail fail', 'keepExisting fail']);

function checkModes(whenMatched: WhenMatched, whenNotMatched: WhenNotMatched): void {
  const matched = typeof whenMatched === 'string' ? whenMatched : 'pipeline';
  if (!UNSUPPORTED.has(`${matched} ${whenNotMatched}`)) return;
  throw location(
    51189,
    `Combination of $merge modes 'whenMatched: ${matched}' and 'whenNotMatched: ${whenNotMatched}' is not supported`,
  );
}

/** Pipelines always know the new document as $$new. */
function mergeLet(given: Doc | undefined, whenMatched: WhenMatched): Doc | undefined {
  if (typeof whenMatched === 'string') {
    if (given) throw location(51199, `Cannot use 'let' variables with 'whenMatched: ${whenMatched}' mode`);
    return undefined;
  }
  const variables = docFrom([]);
  for (const name of Object.keys(given ?? {})) {
    checkVariableForWrite(name);
    setField(variables, name, given?.[name]);
  }
  if (!hasField(variables, 'new')) setField(variables, 'new', '$$ROOT');
  else if (variables.new !== '$$ROOT') {
    throw location(51273, "'let' may not define a value for the reserved 'new' variable other than '$$ROOT'");
  }
  return variables;
}
