/** Runs a case on both executors and says what is wrong with ours; nothing when it is right. */
import { difference } from './compare.ts';
import { compiled, stock } from './executors.ts';
import { type Case, type Prepared, prepare, run, type Told } from './run.ts';

export async function judge(one: Case): Promise<string | undefined> {
  const prepared = prepare(one);
  return judgeAgainst(await run(stock, prepared), prepared);
}

export async function judgeAgainst(expected: Told, prepared: Prepared): Promise<string | undefined> {
  const actual = await run(compiled, prepared);
  const different = difference(prepared, expected, actual);
  if (different === undefined || expected.data !== undefined) return different;
  // The stock executor throws everything away over some broken answers. Ours may do better, as long as it says nothing
  // that is not so: all that is not null must be what it would be without the fault.
  const { faults: _, ...unspoilt } = prepared.case;
  const honest = await run(stock, { ...prepared, case: unspoilt });
  return isHonest(honest, actual) ? undefined : different;
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
