/**
 * Puts events into the stream and tells whoever follows them live, in one transaction: no process can die between the
 * two. The message has the event's id in the stream, so ids are made here, by whoever holds the lease and nobody else.
 */
import type { ChainableCommander, Redis } from 'ioredis';
import { eventKeys } from './event-keys.ts';
import { TOPIC_KEPT_S, topicKey, topicsOf } from './event-topics.ts';
import { type DeclaredEvents, encodeEvent, type ToldEvent } from './events.ts';
import { BEFORE_ALL, nextId } from './stream-ids.ts';
import { lastIdOf } from './stream-reading.ts';

export interface Telling {
  /** Call it when the lease was taken: another process may have told something since. */
  begin(): Promise<void>;
  tell(transaction: ChainableCommander, events: readonly ToldEvent[]): void;
}

export interface TellingOptions {
  redis: Redis;
  subgraph: string;
  /** Whose topics are told beside the ids of aggregates. */
  declared?: DeclaredEvents | undefined;
}

export function createTelling({ redis, subgraph, declared }: TellingOptions): Telling {
  const { stream } = eventKeys(subgraph);
  let last = BEFORE_ALL;
  return {
    begin: async () => {
      last = await lastIdOf(redis, stream);
    },
    tell: (transaction, events) => {
      const lastOf = new Map<string, string>();
      for (const event of events) {
        last = nextId(last, Date.now());
        const text = encodeEvent(event);
        const topics = topicsOf(declared, event);
        transaction.xadd(stream, last, 'json', text, 'topics', JSON.stringify(topics));
        for (const topic of topics) {
          transaction.publish(topicKey(subgraph, topic), `${last} ${text}`);
          lastOf.set(topic, last);
        }
      }
      for (const [topic, id] of lastOf) transaction.set(topicKey(subgraph, topic), id, 'EX', TOPIC_KEPT_S);
    },
  };
}
