/**
 * Wakes followers by topic: graphql-redis-subscriptions listens to the channel of each topic once for all who follow it.
 * Messages get lost while its connection is away, so followers are told when that begins and when it is over.
 */
import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import { topicKey } from '../events/event-topics.ts';
import { BEFORE_ALL, isStreamId, laterOf } from '../events/stream-ids.ts';
import type { Log } from '../observe/log.ts';
import { listenToChannels } from '../redis/channels.ts';

/** Who is handed messages. */
export interface Listener<Message> {
  take(message: Message): void;
  /** Messages may be missed from now on; everything up to `position` has come. */
  cut(position: string): void;
  mend(): void;
}

export interface Topics<Message> {
  /** Every message from when this has answered on; it waits while Redis is away. */
  join(topics: readonly string[], listener: Listener<Message>): Promise<void>;
  leave(topics: readonly string[], listener: Listener<Message>): void;
  stop(): void;
}

export interface TopicsOptions<Message> {
  redis: Redis;
  subgraph: string;
  log: Log;
  /** Nothing for what cannot be read, and then it does not count. */
  decode(cursor: string, text: string): Message | undefined;
  /** Id of the last entry of the stream. */
  end(): Promise<string>;
  wasCut(): void;
}

interface Topic<Message> {
  listeners: Set<Listener<Message>>;
  subscribed: Promise<number>;
}

const MARK_EVERY_MS = 5_000;

export function openTopics<Message>(options: TopicsOptions<Message>): Topics<Message> {
  const { redis, subgraph, log, decode, end, wasCut } = options;
  const topics = new Map<string, Topic<Message>>();
  let position = BEFORE_ALL;

  const everyListener = () => new Set([...topics.values()].flatMap(({ listeners }) => [...listeners]));
  const channels = listenToChannels({
    redis,
    log,
    cut: () => {
      wasCut();
      for (const listener of everyListener()) listener.cut(position);
    },
    mended: () => {
      for (const listener of everyListener()) listener.mend();
    },
  });
  const pubsub = new RedisPubSub({
    publisher: redis,
    subscriber: channels.connection as unknown as Redis,
    deserializer: String,
  });

  const hear = (topic: Topic<Message>, message: string) => {
    const space = message.indexOf(' ');
    const cursor = message.slice(0, Math.max(0, space));
    // Published by hand, or by something that is no relay.
    if (!isStreamId(cursor)) return;
    const arrival = decode(cursor, message.slice(space + 1));
    if (arrival === undefined) return;
    position = laterOf(position, cursor);
    for (const listener of topic.listeners) listener.take(arrival);
  };

  /** Without it, a reconnect after a quiet hour would read that hour again. */
  const mark = async () => {
    if (channels.isCut() || topics.size === 0) return;
    const told = await end();
    await channels.ping();
    if (!channels.isCut()) position = laterOf(position, told);
  };
  // Redis is away: the next mark is as good.
  const marking = setInterval(() => void mark().catch(() => {}), MARK_EVERY_MS).unref();

  const joinOne = (name: string, listener: Listener<Message>): Promise<number> => {
    const known = topics.get(name);
    if (known) {
      known.listeners.add(listener);
      return known.subscribed;
    }
    const topic: Topic<Message> = {
      listeners: new Set([listener]),
      subscribed: pubsub.subscribe(topicKey(subgraph, name), (message: string) => hear(topic, message)),
    };
    topics.set(name, topic);
    return topic.subscribed;
  };

  return {
    join: async (names, listener) => {
      const joined = names.map((name) => joinOne(name, listener));
      if (channels.isCut()) listener.cut(position);
      await Promise.all(joined);
    },
    leave: (names, listener) => {
      for (const name of names) {
        const topic = topics.get(name);
        if (!topic?.listeners.delete(listener) || topic.listeners.size > 0) continue;
        topics.delete(name);
        topic.subscribed.then((id) => pubsub.unsubscribe(id));
      }
    },
    stop: () => {
      clearInterval(marking);
      channels.close();
    },
  };
}
