/**
 * A connection that listens to channels of Redis, in the form in which graphql-redis-subscriptions wants one. It stays
 * subscribed: whoever is subscribed when the connection breaks, or just wants to be, is so again when it is back.
 */
import type { Redis } from 'ioredis';
import type { Log } from '../observe/log.ts';

export interface Channels {
  /** Its `subscribe` never fails: it is done when it is done. The package could not bear a failure. */
  connection: Pick<Redis, 'on'> & {
    subscribe(channel: string, done: (error?: Error | null) => void): void;
    unsubscribe(channel: string): void;
    punsubscribe(channel: string): void;
    quit(): Promise<unknown>;
  };
  /** Also before the first connection. */
  isCut(): boolean;
  /** Everything that was published before comes before the answer. */
  ping(): Promise<unknown>;
  close(): void;
}

export interface ChannelsOptions {
  redis: Redis;
  log: Log;
  /** From now on messages may be lost. */
  cut(): void;
  /** All that are published from now on come. */
  mended(): void;
}

/** Channels in one command. */
const AT_ONCE = 1_000;

export function listenToChannels({ redis, log, cut, mended }: ChannelsOptions): Channels {
  // A connection that is subscribed can do little else. What it had not done is asked for again below.
  const subscriber = redis.duplicate({
    lazyConnect: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
  });
  /** With who waits for it. */
  const wanted = new Map<string, (() => void)[]>();
  let isCut = true;
  let connections = 0;
  let isClosed = false;

  const confirm = (channel: string) => {
    for (const done of wanted.get(channel)?.splice(0) ?? []) done();
  };

  const mend = async () => {
    const connection = connections;
    const channels = [...wanted.keys()];
    const parts = Array.from({ length: Math.ceil(channels.length / AT_ONCE) }, (_, part) =>
      subscriber.subscribe(...channels.slice(part * AT_ONCE, (part + 1) * AT_ONCE)),
    );
    await Promise.all(parts);
    if (connection !== connections || !isCut) return;
    isCut = false;
    channels.forEach(confirm);
    mended();
  };

  subscriber.on('error', (err: Error) =>
    log.debug({ err }, 'The connection that listens to channels is away'),
  );
  subscriber.on('close', () => {
    connections += 1;
    if (isCut || isClosed) return;
    isCut = true;
    cut();
  });
  subscriber.on('ready', () => {
    mend().catch((err: unknown) => {
      if (isClosed || subscriber.status !== 'ready') return; // the next connection comes here again
      log.warn({ err }, 'Channels of Redis cannot be listened to; connecting anew');
      subscriber.disconnect(true);
    });
  });

  return {
    connection: {
      on: subscriber.on.bind(subscriber),
      subscribe: (channel, done) => {
        wanted.set(channel, [...(wanted.get(channel) ?? []), done]);
        // Not sooner: the driver takes answers of its own first commands for that of a SUBSCRIBE.
        if (subscriber.status !== 'ready') return;
        // When it fails the connection has broken, and the next one asks again.
        subscriber.subscribe(channel).then(
          () => confirm(channel),
          () => {},
        );
      },
      unsubscribe: (channel) => {
        wanted.delete(channel);
        // On a connection that is gone there is nothing to take back.
        subscriber.unsubscribe(channel).catch(() => {});
      },
      // The package sends it along with each of those; nobody subscribes to patterns here.
      punsubscribe: () => {},
      quit: async () => subscriber.disconnect(),
    },
    isCut: () => isCut,
    ping: () => subscriber.ping(),
    close: () => {
      isClosed = true;
      subscriber.disconnect();
    },
  };
}
