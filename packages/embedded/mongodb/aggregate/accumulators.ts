// The accumulators of $group, $bucket and windows: from their specification to a maker of fresh ones.
import { location, MongoError, typeMismatch } from '../errors.ts';
import type { Accumulator } from '../expressions/accumulators/accumulator.ts';
import { countedInput, countOf, quantileInput } from '../expressions/accumulators/arguments.ts';
import {
  distinct,
  first,
  firstN,
  last,
  lastN,
  merging,
  pushing,
} from '../expressions/accumulators/collecting.ts';
import { extreme, extremes, keepingBest } from '../expressions/accumulators/extremes.ts';
import { deviating, median, percentiles } from '../expressions/accumulators/statistics.ts';
import { averaging, summing } from '../expressions/accumulators/summation.ts';
import { compilerFor } from '../expressions/compile.ts';
import type { Evaluate } from '../expressions/expression.ts';
import { namedArguments } from '../expressions/operands.ts';
import { compareSortKeys, parseSort, sortKey } from '../query/sort.ts';
import type { Collator } from '../values/collation.ts';
import { describeValue } from '../values/describe.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { compileOver, type EvaluateDoc, expressionContext } from './evaluate.ts';
import { bytesOf } from './memory.ts';
import type { PipelineContext } from './stage.ts';

/** Takes whole documents: what it accumulates is read from each. */
export interface DocAccumulator {
  add(doc: Doc): void;
  result(): Value | undefined;
  readonly bytes: number;
}

/** Makes an accumulator for one group; `group` is what `n` may depend on. */
export type MakeAccumulator = (group: Doc) => DocAccumulator;

type CompileAccumulator = (spec: Value, context: PipelineContext, name: string) => MakeAccumulator;

function unary(make: (collator: Collator | undefined) => Accumulator): CompileAccumulator {
  return (spec, context, name) => {
    if (Array.isArray(spec)) throw location(40237, `The ${name} accumulator is a unary operator`);
    const input = compileOver(spec, context);
    return () => reading(make(context.collator), input);
  };
}

function reading(accumulator: Accumulator, input: EvaluateDoc): DocAccumulator {
  return {
    get bytes() {
      return accumulator.bytes;
    },
    add: (doc) => accumulator.add(input(doc)),
    result: () => accumulator.result(),
  };
}

/** Runs a compiled expression over documents. */
function overDocs(evaluate: Evaluate, { variables }: PipelineContext): EvaluateDoc {
  return (doc) => evaluate({ root: doc, current: doc, variables });
}

function counted(
  make: (n: number, collator: Collator | undefined) => Accumulator,
  notAnObject: number,
): CompileAccumulator {
  return (spec, context) => {
    const { n, input } = countedInput(spec, compilerFor(expressionContext(context)), notAnObject);
    const countFor = overDocs(n, context);
    const read = overDocs(input, context);
    return (group) => reading(make(countOf(countFor(group)), context.collator), read);
  };
}

function quantile(notAnObject: number): CompileAccumulator {
  return (spec, context, name) => {
    const { input, ps } = quantileInput(spec, compilerFor(expressionContext(context)), name, notAnObject);
    const read = overDocs(input, context);
    return () => reading(name === '$median' ? median() : percentiles(ps), read);
  };
}

/** $top and $bottom, alone or n of them: by the order of a sort that the accumulator brings along. */
function ranked(direction: 1 | -1, single: boolean): CompileAccumulator {
  return (spec, context, name) => {
    const { sortBy, output, n } = rankedArguments(spec, name, single);
    if (!isDoc(sortBy)) throw location(10065, `invalid parameter: expected an object (sortBy)`);
    const parts = parseSort(sortBy);
    const compareKeys = compareSortKeys(parts, context.collator);
    const read = compileOver(output, context);
    const countFor = compileOver(n, context);
    return (group) => {
      type Entry = { key: readonly (Value | undefined)[]; value: Value };
      // Of equals the last is at the bottom: $bottom keeps it by taking the later first.
      const best = keepingBest<Entry>(
        countOf(countFor(group)),
        (a, b) => direction * compareKeys(a.key, b.key),
      );
      return {
        get bytes() {
          return best.bytes;
        },
        add(doc) {
          const value = read(doc) ?? null;
          best.offer({ key: sortKey(doc, parts, context.collator), value }, bytesOf(value) + 64);
        },
        result() {
          const values = best.inOrder().map((entry) => entry.value);
          if (single) return values[0] ?? null;
          return direction > 0 ? values : values.reverse();
        },
      };
    };
  };
}

function rankedArguments(
  spec: Value,
  name: string,
  single: boolean,
): { sortBy: Value; output: Value; n: Value } {
  const missing = new Map([
    ['n', 5788003],
    ['output', 5788004],
    ['sortBy', 5788005],
  ]);
  const codes = {
    notAnObject: (given: Value) =>
      location(5788001, `specification must be an object; found ${describeValue(given)}`),
    unknown: (argument: string) => location(5788002, `Unknown argument to ${name} '${argument}'`),
    missing: (argument: string) => location(missing.get(argument) ?? 0, `Missing value for '${argument}'`),
  };
  if (single) return { ...namedArguments(spec, ['output', 'sortBy'], [], codes), n: 1 };
  return namedArguments(spec, ['n', 'output', 'sortBy'], [], codes);
}

const compileCount: CompileAccumulator = (spec) => {
  if (!isDoc(spec) || Object.keys(spec).length > 0) {
    throw typeMismatch('$count takes no arguments, i.e. $count:{}');
  }
  return () => {
    const sum = summing();
    return { bytes: sum.bytes, add: () => sum.add(1), result: sum.result };
  };
};

const refuseJavaScript: CompileAccumulator = () => {
  throw new MongoError(
    238,
    'NotImplemented',
    '$accumulator is not supported: server-side JavaScript is not supported',
  );
};

const accumulators: ReadonlyMap<string, CompileAccumulator> = new Map(
  Object.entries({
    $sum: unary(summing),
    $avg: unary(averaging),
    $min: unary((collator) => extreme(-1, collator)),
    $max: unary((collator) => extreme(1, collator)),
    $first: unary(first),
    $last: unary(last),
    $push: unary(pushing),
    $addToSet: unary(distinct),
    $mergeObjects: unary(merging),
    $stdDevPop: unary(() => deviating(false)),
    $stdDevSamp: unary(() => deviating(true)),
    $count: compileCount,
    $firstN: counted(firstN, 5787801),
    $lastN: counted(lastN, 5787801),
    $minN: counted((n, collator) => extremes(n, -1, collator), 5787900),
    $maxN: counted((n, collator) => extremes(n, 1, collator), 5787900),
    $top: ranked(1, true),
    $topN: ranked(1, false),
    $bottom: ranked(-1, true),
    $bottomN: ranked(-1, false),
    $percentile: quantile(7429703),
    $median: quantile(7436100),
    $accumulator: refuseJavaScript,
  }),
);

export function isAccumulator(name: string): boolean {
  return accumulators.has(name);
}

export function compileAccumulator(name: string, spec: Value, context: PipelineContext): MakeAccumulator {
  const compile = accumulators.get(name);
  if (!compile) throw location(15952, `unknown group operator '${name}'`);
  return compile(spec, context, name);
}

export interface AccumulatedField {
  name: string;
  make: MakeAccumulator;
}

/** `name: { $accumulator: spec }`, as it stands in $group and in the output of $bucket. */
export function compileAccumulatedField(
  name: string,
  spec: Value,
  context: PipelineContext,
): AccumulatedField {
  const operators = isDoc(spec) ? Object.keys(spec) : [];
  const operator = operators[0];
  if (!isDoc(spec) || !operator?.startsWith('$')) {
    throw location(40234, `The field '${name}' must be an accumulator object`);
  }
  if (name.includes('.')) throw location(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) throw location(40236, `The field name '${name}' cannot be an operator name`);
  if (operators.length !== 1) throw location(40238, `The field '${name}' must specify one accumulator`);
  return { name, make: compileAccumulator(operator, spec[operator] as Value, context) };
}
