/** One client that waits for each answer, then 32 at once. */
import autocannon from 'autocannon';

export interface Figures {
  /** In ms, measured around each request, since autocannon counts in whole ones. */
  alone: { p50: number; p99: number };
  crowded: { perSecond: number; p99: number };
}

const headers = { 'content-type': 'application/json' };
const CROWD = 32;
/** The first requests meet code that is not compiled yet. */
const WARM_UP = 200;

export async function measure(url: string, body: string, seconds: number): Promise<Figures> {
  const ask = async () => (await fetch(url, { method: 'POST', headers, body })).arrayBuffer();
  for (let i = 0; i < WARM_UP; i++) await ask();
  const times: number[] = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;

  const crowd = await autocannon({
    url,
    method: 'POST',
    headers,
    body,
    connections: CROWD,
    duration: seconds,
  });
  const failed = crowd.non2xx + crowd.errors;
  if (failed > 0) throw new Error(`${failed} requests failed under load`);
  return {
    alone: { p50: at(0.5), p99: at(0.99) },
    crowded: { perSecond: crowd.requests.average, p99: crowd.latency.p99 },
  };
}
