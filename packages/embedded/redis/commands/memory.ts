/** MEMORY USAGE: an estimate, as good as one can make it from outside the JavaScript engine. */
import type { Reply } from '../protocol/reply.ts';
import type { Value } from '../values/value.ts';
import { integer, Options, syntaxError } from './arguments.ts';
import type { Call } from './command.ts';

const PER_KEY = 120;
const PER_STRING = 24;
const PER_ELEMENT = 80;
const DEFAULT_SAMPLES = 5;

export function memoryUsage({ args, db }: Call): Reply {
  const options = new Options(args, 3);
  let samples = DEFAULT_SAMPLES;
  while (!options.done) {
    if (options.word() !== 'SAMPLES') throw syntaxError();
    samples = integer(options.value());
    if (samples < 0) throw syntaxError();
  }
  const entry = db.peek(args[2]!);
  return entry ? PER_KEY + entry.key.length + sizeOfValue(entry.value, samples || Infinity) : null;
}

const sizeOfText = (text: string) => PER_STRING + text.length;

/** The size of some elements stands for that of all. */
function sizeOfValue(value: Value, samples: number): number {
  if (typeof value === 'string') return sizeOfText(value);
  switch (value.type) {
    case 'list':
      return estimate(value.slice(0, Math.min(samples, value.length)), value.length, sizeOfText);
    case 'hash':
      return estimate(value, value.size, (field) => sizeOfText(field.key) + sizeOfText(field.value), samples);
    case 'set':
      return estimate(value, value.size, ({ key }) => sizeOfText(key), samples);
    case 'zset':
      return estimate(value.members, value.size, ({ key }) => sizeOfText(key), samples);
    case 'stream':
      return estimate(value.entries.slice(0, samples), value.size, ({ fields }) =>
        fields.reduce((sum, field) => sum + sizeOfText(field), 0),
      );
  }
}

function estimate<T>(
  elements: Iterable<T>,
  count: number,
  sizeOf: (element: T) => number,
  samples = Infinity,
) {
  let looked = 0;
  let bytes = 0;
  for (const element of elements) {
    if (looked >= samples) break;
    bytes += PER_ELEMENT + sizeOf(element);
    looked++;
  }
  return looked === 0 ? 0 : Math.round((bytes / looked) * count);
}
