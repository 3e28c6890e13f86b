/** Runs a case on the stock executor and on ours, with both planners, and says what is wrong with ours; nothing when it is right. */
import { type FieldNode, type OperationDefinitionNode, parse, print, type ValueNode } from 'graphql';
import type { AnswerError } from '../../execute/executor.ts';
import { difference } from './compare.ts';
import { compiled, compiledAsServed, type MakeExecutor, stock, stockAsServed } from './executors.ts';
import { type Case, type Prepared, prepare, run, type Told } from './run.ts';

export async function judge(one: Case): Promise<string | undefined> {
  const prepared = prepare(one);
  return judgeAgainst(await run(stock, prepared), prepared);
}

export function judgeAgainst(expected: Told, prepared: Prepared): Promise<string | undefined> {
  return judgeOne(compiled, expected, prepared);
}

/** On the plans that serve where there is a build of the native planner. */
export async function judgeAsServed(one: Case): Promise<string | undefined> {
  const prepared = prepare(one);
  return judgeOne(compiledAsServed, await run(stockAsServed, prepared), prepared);
}

async function judgeOne(ours: MakeExecutor, expected: Told, prepared: Prepared): Promise<string | undefined> {
  const actual = await run(ours, prepared);
  if (ours === compiledAsServed) actual.changes = inWordsOf(expected.changes, actual.changes);
  const different = difference(prepared, expected, actual);
  if (different === undefined || !hasGivenUp(ours, expected)) return different;
  // The stock executor throws everything away over some broken answers, and over others what it asked for at several
  // places at once. Ours may do better, as long as it says nothing that is not so: all that is not null must be what it
  // would be without the fault.
  const { faults: _, ...unspoilt } = prepared.case;
  const honest = await run(ours === compiledAsServed ? stockAsServed : stock, {
    ...prepared,
    case: unspoilt,
  });
  return isHonest(honest, actual) ? undefined : different;
}

function hasGivenUp(ours: MakeExecutor, { data, errors }: Told): boolean {
  const isOwnFault = ({ path, extensions: { code } }: AnswerError) =>
    !path && code === 'INTERNAL_SERVER_ERROR';
  return data === undefined || (ours === compiledAsServed && errors.some(isOwnFault));
}

/** Planners write the same mutation in other words: where each asks for the same fields in turn, it is the same. */
function inWordsOf(expected: readonly string[], actual: readonly string[]): readonly string[] {
  const inShort = (changes: readonly string[]) => changes.map(rootFieldsOf).join('\n');
  return inShort(expected) === inShort(actual) ? expected : actual;
}

function rootFieldsOf(change: string): string {
  const space = change.indexOf(' ');
  const { query } = JSON.parse(change.slice(space)) as { query: string };
  const [operation] = parse(query).definitions as [OperationDefinitionNode];
  const fields = operation.selectionSet.selections.map((node) => {
    const { alias, name, arguments: args = [] } = node as FieldNode;
    const given = args.map(({ name: { value: argument }, value }) => `${argument}:${wordOf(value)}`);
    return `${alias?.value ?? name.value}:${name.value}(${given.sort().join()})`;
  });
  return `${change.slice(0, space)} ${fields.join(' ')}`;
}

/** An ID may be written as a number or as a text. */
function wordOf(value: ValueNode): string {
  return print(value).replaceAll('"', '');
}

/** Whether it holds nothing but what the other one does, and says an error where it holds less. */
export function isHonest(full: Told | undefined, { data, errors }: Told): boolean {
  if (data === full?.data && full?.errors.length === 0) return true;
  if (errors.length === 0) return false;
  if (data === undefined || data === 'null') return true;
  return full?.data !== undefined && holds(JSON.parse(full.data), JSON.parse(data));
}

/** Whether all that is not null in the second is the same in the first. */
export function holds(full: unknown, part: unknown): boolean {
  if (part === null || Object.is(full, part)) return true;
  if (typeof part !== 'object' || typeof full !== 'object' || full === null) return false;
  const names = Object.keys(part);
  if (names.join() !== Object.keys(full).join()) return false;
  const [inFull, inPart] = [full as Record<string, unknown>, part as Record<string, unknown>];
  return names.every((name) => holds(inFull[name], inPart[name]));
}
