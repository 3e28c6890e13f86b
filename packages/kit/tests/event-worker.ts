/** A process of two domains that tell and listen to each other, to be killed at any moment (../events-kill.test.ts). */
import { setTimeout as passes } from 'node:timers/promises';
import { startConsumer } from '../events/consumer.ts';
import { startRelay } from '../events/relay.ts';
import { silentLog } from '../observe/log.ts';
import { createMetrics } from '../observe/metrics.ts';
import { openRedis } from '../redis/redis.ts';
import { countingEvents, openMongodbDomain, openPostgresDomain } from './counting-domains.ts';

const [postgresUrl, mongodbUrl, redisUrl, rows, documents] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const LEASE_MS = 400;

const { redis } = await openRedis({ url: redisUrl, service: 'worker' });
const postgres = await openPostgresDomain(postgresUrl, rows);
const mongodb = await openMongodbDomain(mongodbUrl, documents);
const common = { redis, log: silentLog, leaseMs: LEASE_MS };

postgres.outbox.onCommit(
  startRelay({ ...common, subgraph: rows, outbox: postgres.outbox, metrics: createMetrics(rows), batch: 5 })
    .wake,
);
mongodb.onWritten(
  startRelay({
    ...common,
    subgraph: documents,
    outbox: mongodb.outbox,
    metrics: createMetrics(documents),
    batch: 5,
  }).wake,
);
for (const source of [rows, documents]) {
  const from = countingEvents(source);
  const type = `${source}.thing.counted`;
  const metrics = createMetrics(source);
  startConsumer({
    ...{ ...common, from, metrics, group: rows, inbox: postgres.inbox },
    handlers: { [type]: postgres.hear(source) },
  });
  startConsumer({
    ...{ ...common, from, metrics: createMetrics(source), group: documents, inbox: mongodb.inbox },
    handlers: { [type]: mongodb.hear(source) },
  });
}

// It writes itself too, so that a kill falls between a change and its telling.
let isWriting = true;
process.on('SIGUSR2', () => {
  isWriting = false;
});
process.stdout.write('ready\n');
for (let round = 0; isWriting; round++) {
  await Promise.all([postgres.count(`t${round % 3}`), mongodb.count(`t${round % 3}`)]);
  await passes(5);
}
