// $regexMatch, $regexFind and $regexFindAll.
import { BSONRegExp } from 'bson';
import { location, MongoError } from '../errors.ts';
import { docFrom } from '../values/fields.ts';
import { isNullish, kindOf } from '../values/kind.ts';
import { compileRegex, type Regex } from '../values/regex.ts';
import type { Value } from '../values/types.ts';
import { constantOf, type OperatorCompiler, type OperatorTable } from './expression.ts';
import { building, charge } from './meter.ts';
import { namedArguments, optionalOperand } from './operands.ts';
import { codePointLength } from './text.ts';

type Result = Value | undefined;
type Search = (find: Find, text: string) => Value;
type Find = (from: number) => RegExpExecArray | null;

function searching(nothing: Value, search: Search): OperatorCompiler {
  return (operand, compiler, name) => {
    const spec = namedArguments(operand, ['input', 'regex'], ['options'], {
      notAnObject: (given) =>
        location(51103, `${name} expects an object of named arguments but found: ${kindOf(given)}`),
      unknown: (argument) => location(31024, `${name} found an unknown argument: ${argument}`),
      missing: (argument) =>
        location(argument === 'input' ? 31022 : 31023, `${name} requires '${argument}' parameter`),
    });
    const input = compiler.compile(spec.input);
    const regex = compiler.compile(spec.regex);
    const options = optionalOperand(spec.options, compiler);
    const fixed = constantOf(regex);
    const fixedOptions = options ? constantOf(options) : { value: null };
    const known = fixed && fixedOptions && { pattern: readPattern(fixed.value, fixedOptions.value, name) };
    return (scope) => {
      const text = input(scope);
      if (!isNullish(text) && typeof text !== 'string') {
        throw location(51104, `${name} needs 'input' to be of type string`);
      }
      const { pattern } = known ?? { pattern: readPattern(regex(scope), options?.(scope), name) };
      if (isNullish(text) || !pattern) return nothing;
      return search((from) => pattern.exec(text, from), text);
    };
  };
}

/** undefined when the pattern is null; its options are checked all the same. */
function readPattern(regex: Result, options: Result, name: string): Regex | undefined {
  if (!isNullish(regex) && typeof regex !== 'string' && !(regex instanceof BSONRegExp)) {
    throw location(51105, `${name} needs 'regex' to be of type string or regex`);
  }
  if (!isNullish(options) && typeof options !== 'string') {
    throw location(51106, `${name} needs 'options' to be of type string`);
  }
  const own = regex instanceof BSONRegExp ? regex.options : '';
  if (own !== '' && !isNullish(options)) {
    throw location(51107, `${name}: found regex option(s) specified in both 'regex' and 'option' fields`);
  }
  const source = regex instanceof BSONRegExp ? regex.pattern : regex;
  const flags = options ?? own;
  if (source?.includes('\0')) {
    throw location(51109, `${name}: regular expression cannot contain an embedded null byte`);
  }
  if (flags.includes('\0')) {
    throw location(51110, `${name}: regular expression options cannot contain an embedded null byte`);
  }
  return isNullish(source) ? undefined : compile(source, flags, name);
}

const INVALID_REGEX = 51091;

function compile(source: string, flags: string, name: string): Regex {
  try {
    return compileRegex(source, flags);
  } catch (failure) {
    // Expressions have a code of their own for a pattern that is none.
    if (!(failure instanceof MongoError) || failure.code !== INVALID_REGEX) throw failure;
    throw location(51111, `Invalid Regex in ${name}: ${failure.message}`);
  }
}

function describeMatch(match: RegExpExecArray, codePointIndex: number): Value {
  const captures = match.slice(1).map((capture): Value => capture ?? null);
  charge(100 + match[0].length + 16 * captures.length);
  return docFrom([
    ['match', match[0]],
    ['idx', codePointIndex],
    ['captures', captures],
  ]);
}

const findFirst: Search = (find, text) => {
  const match = find(0);
  return match && describeMatch(match, codePointLength(text.slice(0, match.index)));
};

const findEvery: Search = (find, text) =>
  building<Value>((matches) => {
    let from = 0;
    let counted = 0;
    let codePoints = 0;
    do {
      const match = find(from);
      if (!match) break;
      codePoints += codePointLength(text.slice(counted, match.index));
      counted = match.index;
      matches.push(describeMatch(match, codePoints));
      // An empty match moves on by one character, or it would be found for ever.
      from = match.index + (match[0].length || characterLength(text, match.index));
    } while (from < text.length);
  });

function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

export const regexOperators: OperatorTable = {
  $regexMatch: searching(false, (find) => find(0) !== null),
  $regexFind: searching(null, findFirst),
  $regexFindAll: searching([], findEvery),
};
