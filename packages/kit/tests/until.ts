import { setTimeout as passes } from 'node:timers/promises';

const MAX_MS = 20_000;
const ASK_AGAIN_MS = 10;

/** Asks again and again until there is an answer. Gives up in the end, so that a fault fails a test instead of hanging it. */
export async function until<Value>(ask: () => Promise<Value | undefined | false>): Promise<Value> {
  const deadline = Date.now() + MAX_MS;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await passes(ASK_AGAIN_MS);
  }
  throw new Error(`nothing came within ${MAX_MS / 1000} s`);
}
