/** Holds an executor against the stock one on bytes that no sane subgraph sends. */
import { difference } from '../differential/compare.ts';
import { compiled, stock } from '../differential/executors.ts';
import { holds, isHonest } from '../differential/referee.ts';
import { type Case, prepare, run, type Told } from '../differential/run.ts';

/** Reading what the reference reads may take longer, but not out of proportion. */
const SLOWER = 10;
const AT_LEAST_MS = 3_000;

/** Nothing when the answer is the reference's, or honest: what is not null in it is right, and an error says the rest. */
export async function judge(one: Case): Promise<string | undefined> {
  const prepared = prepare(one);
  const [expected, referenceMs] = await timed(() => run(stock, prepared).catch(() => undefined));
  const [actual, ms] = await timed(() => run(compiled, prepared));
  if (ms > referenceMs * SLOWER + AT_LEAST_MS) return `it took ${ms} ms, the reference ${referenceMs} ms`;
  const different = expected ? difference(prepared, expected, actual) : notAsSent(one, actual);
  return different === undefined || isHonest(expected, actual) ? undefined : different;
}

/** Where the reference cannot write its answer (it is nested too deeply), what was sent is what may be answered. */
function notAsSent({ answers = {} }: Case, { data, errors }: Told): string | undefined {
  const sent = Object.values(answers).map((answer) => answer(Buffer.alloc(0)).toString());
  const isSent = sent.some((text) => data !== undefined && text.includes(data));
  const isLess =
    errors.length > 0 && sent.some((text) => holds(JSON.parse(text).data, JSON.parse(data ?? 'null')));
  return isSent || isLess ? undefined : 'the reference has no answer, and this one is not what was sent';
}

async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const started = performance.now();
  const result = await work();
  return [result, performance.now() - started];
}
