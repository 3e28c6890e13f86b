/** Who is subscribed to which channels and patterns. */
import type { Client } from './client.ts';
import { matchesGlob } from './keyspace/glob.ts';
import { encodeReply, type Protocol } from './protocol/encode.ts';
import { push, type Reply } from './protocol/reply.ts';

export type SubscriptionKind = 'channels' | 'patterns' | 'shardChannels';

export class PubSub {
  readonly #subscribers: Record<SubscriptionKind, Map<string, Set<Client>>> = {
    channels: new Map(),
    patterns: new Map(),
    shardChannels: new Map(),
  };
  readonly #deliver: (client: Client, encoded: string) => void;

  constructor(deliver: (client: Client, encoded: string) => void) {
    this.#deliver = deliver;
  }

  subscribe(client: Client, kind: SubscriptionKind, name: string): void {
    client[kind].add(name);
    const subscribers = this.#subscribers[kind].get(name);
    if (subscribers) subscribers.add(client);
    else this.#subscribers[kind].set(name, new Set([client]));
  }

  unsubscribe(client: Client, kind: SubscriptionKind, name: string): void {
    client[kind].delete(name);
    const subscribers = this.#subscribers[kind].get(name);
    subscribers?.delete(client);
    if (subscribers?.size === 0) this.#subscribers[kind].delete(name);
  }

  unsubscribeAll(client: Client): void {
    for (const kind of ['channels', 'patterns', 'shardChannels'] as const) {
      for (const name of client[kind]) this.unsubscribe(client, kind, name);
    }
  }

  /** How many subscriptions it reached. */
  publish(channel: string, message: string): number {
    let reached = this.#send(this.#subscribers.channels.get(channel), push('message', channel, message));
    for (const [pattern, subscribers] of this.#subscribers.patterns) {
      if (!matchesGlob(pattern, channel)) continue;
      reached += this.#send(subscribers, push('pmessage', pattern, channel, message));
    }
    return reached;
  }

  publishToShard(channel: string, message: string): number {
    const subscribers = this.#subscribers.shardChannels.get(channel);
    return this.#send(subscribers, push('smessage', channel, message));
  }

  /** The channels that have subscribers and match the pattern. */
  activeChannels(kind: SubscriptionKind, pattern: string | undefined): string[] {
    const names = [...this.#subscribers[kind].keys()];
    return pattern === undefined ? names : names.filter((name) => matchesGlob(pattern, name));
  }

  countSubscribers(kind: SubscriptionKind, name: string): number {
    return this.#subscribers[kind].get(name)?.size ?? 0;
  }

  get patternCount(): number {
    return this.#subscribers.patterns.size;
  }

  /** The message is encoded once for each protocol, not for each subscriber. */
  #send(subscribers: ReadonlySet<Client> | undefined, message: Reply): number {
    if (!subscribers) return 0;
    const encoded = new Map<Protocol, string>();
    for (const client of subscribers) {
      const text = encoded.get(client.protocol) ?? encodeReply(message, client.protocol);
      encoded.set(client.protocol, text);
      this.#deliver(client, text);
    }
    return subscribers.size;
  }
}
