// $match, $limit, $skip, $count, $sortByCount and $sample.
import { location } from '../errors.ts';
import { keepingBest } from '../expressions/accumulators/extremes.ts';
import { compileFilter } from '../query/filter.ts';
import { describeField } from '../values/describe.ts';
import { docFrom } from '../values/fields.ts';
import { isDoc, isNumber } from '../values/kind.ts';
import { integralValue, isNaNValue, LONG_MAX, makeIntOrLong, toNumber } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';
import { bytesOf, memoryAccount, noDiskUse } from './memory.ts';
import type { Stage, StageCompiler } from './stage.ts';

export function checkMatch(spec: Value): Doc {
  if (isDoc(spec)) return spec;
  throw location(15959, 'the match filter must be an expression in an object');
}

export const compileMatch: StageCompiler = (spec, { collator, variables, now }) => {
  const matches = compileFilter(checkMatch(spec), { variables, now, ...(collator && { collator }) });
  return function* match(input) {
    for (const doc of input) if (matches(doc)) yield doc;
  };
};

/** The number of a $limit or $skip. */
function wholeNumber(spec: Value, name: string, code: number): number {
  const refuse = (reason: string) =>
    location(code, `invalid argument to ${name} stage: ${reason}: ${describeField(name, spec)}`);
  if (!isNumber(spec)) throw refuse('Expected a number in');
  if (isNaNValue(spec)) throw refuse('Expected an integer, but found NaN in');
  const integer = integralValue(spec);
  if (integer === undefined) throw refuse('Expected an integer');
  if (integer > LONG_MAX) throw refuse('Cannot represent as a 64-bit integer');
  if (integer < 0n) throw refuse('Expected a non-negative number in');
  return Number(integer);
}

export function limitOf(spec: Value): number {
  const limit = wholeNumber(spec, '$limit', 5107201);
  if (limit === 0) throw location(15958, 'the limit must be positive');
  return limit;
}

export function skipOf(spec: Value): number {
  return wholeNumber(spec, '$skip', 5107200);
}

export const compileLimit: StageCompiler = (spec) => {
  const most = limitOf(spec);
  return function* limit(input) {
    let given = 0;
    for (const doc of input) {
      yield doc;
      // Before asking for the next one: it might take a long scan to find.
      if (++given >= most) return;
    }
  };
};

export const compileSkip: StageCompiler = (spec) => {
  const first = skipOf(spec);
  return function* skip(input) {
    let seen = 0;
    for (const doc of input) if (seen++ >= first) yield doc;
  };
};

export const compileCount: StageCompiler = (spec) => {
  if (typeof spec !== 'string') throw location(40156, 'the count field must be a non-empty string');
  if (spec === '') throw location(40157, 'the count field must be a non-empty string');
  if (spec.startsWith('$')) throw location(40158, 'the count field cannot be a $-prefixed path');
  if (spec.includes('\0')) throw location(40159, 'the count field cannot contain a null byte');
  if (spec.includes('.')) throw location(40160, "the count field cannot contain '.'");
  return function* count(input) {
    let counted = 0;
    for (const _ of input) counted += 1;
    if (counted > 0) yield docFrom([[spec, makeIntOrLong(BigInt(counted))]]);
  };
};

export const compileSortByCount: StageCompiler = (spec, context) => {
  checkSortByCount(spec);
  const group = docFrom([
    [
      '$group',
      docFrom([
        ['_id', spec],
        ['count', docFrom([['$sum', 1]])],
      ]),
    ],
  ]);
  const sort = docFrom([['$sort', docFrom([['count', -1]])]]);
  return context.compile([group, sort], context.place);
};

function checkSortByCount(spec: Value): void {
  if (isDoc(spec)) {
    if (Object.keys(spec)[0]?.startsWith('$')) return;
    throw location(
      40147,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  }
  if (typeof spec !== 'string') {
    throw location(40149, 'the sortByCount field must be specified as a string or as an object');
  }
  if (!spec.startsWith('$')) {
    throw location(
      40148,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  }
}

export const compileSample: StageCompiler = (spec) => {
  if (!isDoc(spec)) throw location(28745, 'the $sample stage specification must be an object');
  const unknown = Object.keys(spec).find((name) => name !== 'size');
  if (unknown !== undefined) throw location(28748, `unrecognized option to $sample: ${unknown}`);
  if (!Object.hasOwn(spec, 'size')) throw location(28749, '$sample stage must specify a size');
  const size = spec.size as Value;
  if (!isNumber(size)) throw location(28746, 'size argument to $sample must be a number');
  const wanted = Math.trunc(toNumber(size));
  if (!(wanted > 0)) throw location(28747, 'size argument to $sample must be a positive integer');
  return sampling(wanted);
};

/** Draws a random number for each document and keeps those with the lowest. */
function sampling(size: number): Stage {
  return function* sample(input) {
    const best = keepingBest<{ doc: Doc; rank: number }>(size, (a, b) => a.rank - b.rank);
    const memory = memoryAccount(() =>
      noDiskUse("Exceeded memory limit for $sample, but didn't allow external sort."),
    );
    for (const doc of input) {
      const before = best.bytes;
      best.offer({ doc, rank: Math.random() }, bytesOf(doc));
      memory.add(best.bytes - before);
    }
    for (const { doc } of best.inOrder()) yield doc;
  };
}
