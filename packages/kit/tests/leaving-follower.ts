/** Follows a counting domain live, leaves now and then, and comes back with the last cursor that it was given. */
import { setTimeout as passes } from 'node:timers/promises';
import { isStoreAway } from '../errors/store-faults.ts';
import { openLiveEvents } from '../live/live-events.ts';
import { silentLog } from '../observe/log.ts';
import { createMetrics } from '../observe/metrics.ts';
import { openRedis } from '../redis/redis.ts';
import { countingEvents } from './counting-domains.ts';

const STAYS_AT_MOST = 40;
const COMES_BACK_MS = 20;

export async function startLeavingFollower(url: string, name: string, topics: readonly string[]) {
  const { redis, close } = await openRedis({ url, service: 'follower' });
  const metrics = createMetrics(name);
  const live = openLiveEvents({ redis, declared: countingEvents(name), log: silentLog, metrics });
  const taken: { cursor: string; id: string; number: number }[] = [];
  let isOver = false;
  let visits = 1;
  let events = await live.follow({ topics });

  const visit = async () => {
    for (let stays = 1 + Math.random() * STAYS_AT_MOST; stays > 0; stays--) {
      const { done, value } = await events.next();
      if (done) break;
      taken.push({ cursor: value.cursor, id: value.event.aggregateId, number: value.event.data.number });
    }
    await events.return!();
    if (isOver) return;
    events = await live.follow({ topics, after: taken.at(-1)!.cursor });
    visits += 1;
  };
  const run = async () => {
    while (!isOver) {
      try {
        await visit();
      } catch (error) {
        if (!isStoreAway(error)) throw error;
        // Redis was killed; it comes back, and so does the follower.
        await passes(COMES_BACK_MS);
      }
    }
  };
  const running = run();
  // Told by `stop`.
  running.catch(() => {});
  return {
    taken,
    visits: () => visits,
    stop: async () => {
      isOver = true;
      await live.stop();
      await running;
      await close();
    },
  };
}
