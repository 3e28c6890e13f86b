/** Asks again and again until there is an answer. Gives up in the end, so that a fault fails a test instead of hanging it. */
const MAX_MS = 20_000;

export async function until<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  const deadline = Date.now() + MAX_MS;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`nothing came within ${MAX_MS / 1000} s`);
}
