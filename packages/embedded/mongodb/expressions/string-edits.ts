// $trim and its kin, $replaceOne and $replaceAll.
import { location } from '../errors.ts';
import { describeValue } from '../values/describe.ts';
import { isNullish, kindOf } from '../values/kind.ts';
import type { OperatorCompiler, OperatorTable } from './expression.ts';
import { chargeString } from './meter.ts';
import { namedArguments, optionalOperand } from './operands.ts';

/** NUL, the ASCII blanks, and the spaces that MongoDB lists; no others of Unicode's. */
const WHITESPACE = new Set(
  '\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
);

type Sides = { left: boolean; right: boolean };

function trimming({ left, right }: Sides): OperatorCompiler {
  return (operand, compiler, name) => {
    const spec = namedArguments(operand, ['input'], ['chars'], {
      notAnObject: (given) =>
        location(50696, `${name} only supports an object as an argument, found ${kindOf(given)}`),
      unknown: (argument) => location(50694, `${name} found an unknown argument: ${argument}`),
      missing: () => location(50695, `${name} requires an 'input' field`),
    });
    const input = compiler.compile(spec.input);
    const chars = optionalOperand(spec.chars, compiler);
    return (scope) => {
      const text = input(scope);
      if (isNullish(text)) return null;
      if (typeof text !== 'string') {
        throw location(
          50699,
          `${name} requires its input to be a string, got ${describeValue(text)} (of type ${kindOf(text)}) instead.`,
        );
      }
      if (!chars) return trim(text, WHITESPACE, left, right);
      const unwanted = chars(scope);
      if (isNullish(unwanted)) return null;
      if (typeof unwanted !== 'string') {
        throw location(
          50700,
          `${name} requires 'chars' to be a string, got ${describeValue(unwanted)} (of type ${kindOf(unwanted)}) instead.`,
        );
      }
      return trim(text, new Set(unwanted), left, right);
    };
  };
}

function trim(text: string, unwanted: ReadonlySet<string>, left: boolean, right: boolean): string {
  let start = 0;
  let end = text.length;
  while (left && start < end) {
    const character = String.fromCodePoint(text.codePointAt(start) as number);
    if (!unwanted.has(character)) break;
    start += character.length;
  }
  while (right && start < end) {
    const character = lastCharacter(text, end);
    if (!unwanted.has(character)) break;
    end -= character.length;
  }
  return text.slice(start, end);
}

function lastCharacter(text: string, end: number): string {
  const isPair = end > 1 && (text.codePointAt(end - 2) as number) > 0xffff;
  return text.slice(isPair ? end - 2 : end - 1, end);
}

function replacing(replace: (text: string, find: string, replacement: string) => string): OperatorCompiler {
  return (operand, compiler, name) => {
    const missing = new Map([
      ['input', 51749],
      ['find', 51748],
      ['replacement', 51747],
    ]);
    const spec = namedArguments(operand, ['input', 'find', 'replacement'], [], {
      notAnObject: (given) =>
        location(51751, `${name} requires an object as an argument, found: ${kindOf(given)}`),
      unknown: (argument) => location(51750, `${name} found an unknown argument: ${argument}`),
      missing: (argument) =>
        location(missing.get(argument) ?? 0, `${name} requires '${argument}' to be specified`),
    });
    const operands = (['input', 'find', 'replacement'] as const).map((argument, i) => ({
      argument,
      code: 51746 - i,
      evaluate: compiler.compile(spec[argument]),
    }));
    return (scope) => {
      const texts = operands.map(({ argument, code, evaluate }) => {
        const value = evaluate(scope);
        if (isNullish(value) || typeof value === 'string') return value;
        throw location(
          code,
          `${name} requires that '${argument}' be a string, found: ${describeValue(value)}`,
        );
      });
      const [text, find, replacement] = texts;
      if (isNullish(text) || isNullish(find) || isNullish(replacement)) return null;
      return replace(text, find, replacement);
    };
  };
}

function replaceOne(text: string, find: string, replacement: string): string {
  const at = text.indexOf(find);
  if (at < 0) return text;
  chargeString(text.length + replacement.length);
  return text.slice(0, at) + replacement + text.slice(at + find.length);
}

function replaceAll(text: string, find: string, replacement: string): string {
  let found = find === '' ? text.length + 1 : 0;
  for (let at = 0; find !== '' && at >= 0; found += at < 0 ? 0 : 1) {
    at = text.indexOf(find, at === 0 && found === 0 ? 0 : at + find.length);
  }
  chargeString(text.length + found * (replacement.length - find.length));
  return find === '' ? text.replace(/(?:)/gu, () => replacement) : text.replaceAll(find, () => replacement);
}

export const stringEditOperators: OperatorTable = {
  $trim: trimming({ left: true, right: true }),
  $ltrim: trimming({ left: true, right: false }),
  $rtrim: trimming({ left: false, right: true }),
  $replaceOne: replacing(replaceOne),
  $replaceAll: replacing(replaceAll),
};
