// One output of $setWindowFields: from its specification to the values for a whole partition.
import { failedToParse } from '../errors.ts';
import { newDoc } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { compileAccumulator, isAccumulator, type MakeAccumulator } from './accumulators.ts';
import type { WindowContext, WindowFunction } from './window.ts';
import { framesOf, parseWindow, WHOLE_PARTITION, type WindowBounds } from './window-bounds.ts';
import { windowOnlyFunctions } from './window-only-functions.ts';

export function compileWindowFunction(name: string, spec: Value, context: WindowContext): WindowFunction {
  if (!isDoc(spec)) throw failedToParse(`The field '${name}' must be an object`);
  const operator = Object.keys(spec).find((field) => field.startsWith('$'));
  if (operator === undefined) {
    const first = Object.keys(spec)[0];
    throw failedToParse(`Expected a $-prefixed window function${first ? `, ${first}` : ''}`);
  }
  const special = windowOnlyFunctions.get(operator);
  if (special) return special(spec, context, operator);
  if (!isAccumulator(operator) || operator === '$mergeObjects' || operator === '$accumulator') {
    throw failedToParse(`Unrecognized window function, ${operator}`);
  }
  const bounds = windowOf(spec, operator, context) ?? WHOLE_PARTITION;
  return accumulating(
    compileAccumulator(operator, spec[operator] as Value, context.pipeline),
    bounds,
    context,
  );
}

/** The window of an output; anything else beside the function is refused. */
export function windowOf(spec: Doc, operator: string, { sortBy }: WindowContext): WindowBounds | undefined {
  for (const field of Object.keys(spec)) {
    if (field === operator || field === 'window') continue;
    if (field.startsWith('$')) throw failedToParse('Cannot specify two functions in window function spec');
    throw failedToParse(`Window function found an unknown argument: ${field}`);
  }
  return Object.hasOwn(spec, 'window') ? parseWindow(spec.window as Value, sortBy) : undefined;
}

function accumulating(
  make: MakeAccumulator,
  bounds: WindowBounds,
  { pipeline }: WindowContext,
): WindowFunction {
  const noGroup = newDoc();
  return ({ docs, keys }, memory) => {
    const frames = framesOf(
      bounds,
      docs.length,
      keys.map(([key]) => key),
    );
    let accumulator = make(noGroup);
    let current = { from: 0, to: -1 };
    return frames.map((frame) => {
      pipeline.checkDeadline?.();
      // A window that only grows goes on with what it has; one that lost documents starts anew.
      if (frame.from !== current.from) {
        memory.add(-accumulator.bytes);
        accumulator = make(noGroup);
        memory.add(accumulator.bytes);
        current = { from: frame.from, to: frame.from - 1 };
      }
      const before = accumulator.bytes;
      for (let i = current.to + 1; i <= frame.to; i++) accumulator.add(docs[i] as Doc);
      memory.add(accumulator.bytes - before);
      current = { from: frame.from, to: Math.max(current.to, frame.to) };
      const result = accumulator.result();
      // Each document keeps a list of its own.
      if (Array.isArray(result)) memory.add(16 + 8 * result.length);
      return result;
    });
  };
}
