// $graphLookup: follows a field from document to document, each found once.
import { failedToParse, location } from '../errors.ts';
import { parseFieldPath, readPath } from '../expressions/field-path.ts';
import { compileFilter } from '../query/filter.ts';
import { hashKey } from '../values/hash-key.ts';
import { isDoc, isNumber, kindOf } from '../values/kind.ts';
import { integralValue, makeLong } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';
import { compileOver } from './evaluate.ts';
import { foreignCollection } from './foreign-collection.ts';
import { bytesOf, memoryAccount } from './memory.ts';
import type { StageCompiler } from './stage.ts';
import { withPath } from './unwind.ts';

interface GraphSpec {
  from: string;
  as: string;
  startWith: Value;
  connectFromField: string;
  connectToField: string;
  depthField?: string;
  maxDepth?: number;
  restrict?: Doc;
}

const TEXTS = ['from', 'as', 'connectFromField', 'connectToField', 'depthField'] as const;
const REQUIRED = ['from', 'as', 'startWith', 'connectFromField', 'connectToField'];

export const compileGraphLookup: StageCompiler = (spec, context) => {
  const graph = parseGraph(spec);
  const as = parseFieldPath(graph.as);
  const connectFrom = parseFieldPath(graph.connectFromField);
  const start = compileOver(graph.startWith, context);
  const { collator, variables, now } = context;
  const options = { variables, now, ...(collator && { collator }) };
  const allowed = graph.restrict ? compileFilter(graph.restrict, options) : () => true;
  const foreign = foreignCollection(graph.from, graph.connectToField, context);
  const depthPath = graph.depthField === undefined ? undefined : parseFieldPath(graph.depthField);
  return function* graphLookup(input) {
    for (const doc of input) yield withPath(doc, as, search(start(doc)));
  };

  /** Breadth first, so that each document is found at its least depth. */
  function search(from: Value | undefined): Doc[] {
    const memory = memoryAccount(() => location(40099, '$graphLookup reached maximum memory consumption'));
    const found = new Map<string, Doc>();
    const asked = new Set<string>();
    let frontier = unasked(spread(from), asked);
    for (let depth = 0; frontier.length > 0 && depth <= (graph.maxDepth ?? Infinity); depth++) {
      const next: Value[] = [];
      for (const doc of foreign.find(frontier)) {
        const id = hashKey(doc._id);
        if (found.has(id) || !allowed(doc)) continue;
        memory.add(bytesOf(doc) + id.length);
        found.set(id, depthPath ? withPath(doc, depthPath, makeLong(depth)) : doc);
        next.push(...spread(readPath(doc, connectFrom, 0)));
      }
      frontier = unasked(next, asked);
    }
    return [...found.values()];
  }

  function unasked(values: Value[], asked: Set<string>): Value[] {
    return values.filter((value) => {
      const key = hashKey(value, collator);
      return !asked.has(key) && asked.add(key);
    });
  }
};

/** Arrays stand for their elements; what is missing leads nowhere. */
function spread(value: Value | undefined): Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function parseGraph(spec: Value): GraphSpec {
  if (!isDoc(spec)) {
    throw failedToParse(`the $graphLookup stage specification must be an object, but found ${kindOf(spec)}`);
  }
  const graph: Partial<GraphSpec> = {};
  for (const name of Object.keys(spec)) {
    const value = spec[name] as Value;
    const text = TEXTS.find((known) => known === name);
    if (name === 'startWith') graph.startWith = value;
    else if (name === 'maxDepth') graph.maxDepth = maxDepthOf(value);
    else if (name === 'restrictSearchWithMatch') graph.restrict = restrictionOf(value);
    else if (!text) throw location(40104, `Unknown argument to $graphLookup: ${name}`);
    else if (typeof value !== 'string') {
      throw location(40103, `expected string as argument for ${name}, found: ${kindOf(value)}`);
    } else graph[text] = value;
  }
  if (REQUIRED.some((name) => !Object.hasOwn(spec, name))) {
    throw location(
      40105,
      "$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be specified.",
    );
  }
  if (graph.connectFromField?.startsWith('$') || graph.connectToField?.startsWith('$')) {
    throw location(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    );
  }
  return graph as GraphSpec;
}

function maxDepthOf(value: Value): number {
  if (!isNumber(value))
    throw location(40100, `maxDepth requires a numeric argument, found: ${kindOf(value)}`);
  const depth = integralValue(value);
  if (depth === undefined) throw location(40102, 'maxDepth could not be represented as a long long');
  if (depth < 0n) throw location(40101, `maxDepth requires a nonnegative argument, found: ${depth}`);
  return Number(depth);
}

function restrictionOf(value: Value): Doc {
  if (isDoc(value)) return value;
  throw location(40185, `restrictSearchWithMatch must be an object, found ${kindOf(value)}`);
}
