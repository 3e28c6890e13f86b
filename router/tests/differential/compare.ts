/**
 * Two answers to one operation, held against each other.
 *
 * Data must be the same byte for byte, but for one thing: the stock executor rounds numbers that a double cannot hold
 * (9007199254740993), and ours may pass them on as they are. Where data has such a number, it must be the same once it is
 * read. Errors must be the same in message, path and extensions (but for the few faults that leave no place for them). Their order is compared
 * for mutations alone, where it is the order in which fields ran: else, and of what a broken subgraph spoils, it is the order
 * in which subgraphs happened to answer, and neither GraphQL nor the stock executor promises one.
 */
import { prettyFormatQueryPlan } from '@apollo/query-planner';
import type { AnswerError } from '../../execute/executor.ts';
import { PLACELESS } from './faults.ts';
import type { Prepared, Told } from './run.ts';

/** Nothing when they are the same; else all that is needed to see why. */
export function difference(prepared: Prepared, expected: Told, actual: Told): string | undefined {
  const { faults = [] } = prepared.case;
  const isOrdered = prepared.operation.definition.operation === 'mutation' && faults.length === 0;
  const isPlaceless = faults.some(({ kind }) => PLACELESS.includes(kind));
  const told = (errors: readonly AnswerError[]) =>
    isPlaceless ? kindsOf(errors) : isOrdered ? textsOf(errors) : textsOf(errors).sort();
  const found = [
    dataDifference(expected.data, actual.data),
    listDifference('errors', told(expected.errors), told(actual.errors)),
    listDifference('changes', expected.changes, actual.changes),
  ].filter((one) => one !== undefined);
  return found.length === 0 ? undefined : report(prepared, expected, actual, found);
}

function textsOf(errors: readonly AnswerError[]): string[] {
  return errors.map(({ message, path, extensions }) => {
    try {
      return JSON.stringify({ message, path, extensions: sorted(extensions) });
    } catch {
      // Nested too deeply to be written.
      return JSON.stringify({ message, path, code: extensions.code });
    }
  });
}

/** Without their places. */
function kindsOf(errors: readonly AnswerError[]): string[] {
  return [...new Set(errors.map(({ message, extensions }) => `${extensions.code} ${message}`))].sort();
}

function sorted(extensions: AnswerError['extensions']): object {
  return Object.fromEntries(Object.entries(extensions).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function dataDifference(expected: string | undefined, actual: string | undefined): string | undefined {
  if (expected === actual) return undefined;
  if (expected === undefined || actual === undefined) return `data: ${expected} against ${actual}`;
  if (LONG_NUMBER.test(actual) && asRead(actual) === expected) return undefined;
  const [left, right] = [Buffer.from(expected), Buffer.from(actual)];
  let at = 0;
  while (left[at] === right[at]) at++;
  const round = (bytes: Buffer) => bytes.subarray(Math.max(0, at - 40), at + 40).toString();
  return `data differs from byte ${at} on:\n  expected …${round(left)}…\n  actual   …${round(right)}…`;
}

/** More digits than a double has. */
const LONG_NUMBER = /\d{16}|\d{8}\.\d{8}/;

/** What a client in JavaScript makes of it. */
function asRead(data: string): string {
  return JSON.stringify(JSON.parse(data));
}

function listDifference(
  what: string,
  expected: readonly string[],
  actual: readonly string[],
): string | undefined {
  const at = [...expected, ...actual].findIndex((_, index) => expected[index] !== actual[index]);
  if (at < 0) return undefined;
  return `${what} differ from number ${at} on:\n  expected ${expected[at] ?? 'none'}\n  actual   ${actual[at] ?? 'none'}`;
}

function report(prepared: Prepared, expected: Told, actual: Told, found: readonly string[]): string {
  const { supergraph, query, variables, operationName, world, faults } = prepared.case;
  const lines: [string, unknown][] = [
    ['supergraph', supergraph],
    ['operation', query.trim()],
    ['operation name', operationName],
    ['variables', variables && JSON.stringify(variables)],
    ['world', world && JSON.stringify(world, (_, value) => (value instanceof Set ? [...value] : value))],
    ['faults', faults && JSON.stringify(faults)],
    ['plan', planOf(prepared)],
    ['expected data', expected.data],
    ['expected errors', textsOf(expected.errors)],
    ['actual data', actual.data],
    ['actual errors', textsOf(actual.errors)],
  ];
  const shown = lines.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}`);
  return [...found, '', ...shown].join('\n');
}

function planOf({ composed, operation }: Prepared): string {
  try {
    return prettyFormatQueryPlan(
      composed.supergraph.plan(operation.document, operation.definition.name?.value),
    );
  } catch (error) {
    // A plan that cannot be made is part of what went wrong.
    return `none: ${(error as Error).message}`;
  }
}
