/** Asks one URL as fast as it answers, in a process of its own: `load.ts URL FILE CONNECTIONS SECONDS` prints figures. */
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const [url, file, connections, seconds] = process.argv.slice(2);
const result = await autocannon({
  url: url!,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: readFileSync(file!, 'utf8'),
  connections: Number(connections),
  duration: Number(seconds),
});
const { requests, latency, throughput } = result;
process.stdout.write(
  `${JSON.stringify({
    failed: result.non2xx + result.errors,
    answered: requests.total,
    perSecond: requests.total / result.duration,
    bytesEach: throughput.total / Math.max(1, requests.total),
    p50: latency.p50,
    p99: latency.p99,
  })}\n`,
);
