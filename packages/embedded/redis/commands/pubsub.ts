/** Channels. */
import { push, type Reply, sequence } from '../protocol/reply.ts';
import type { SubscriptionKind } from '../pubsub.ts';
import { ALL, type Call, type Command, type Container, FIRST } from './command.ts';

interface Verbs {
  kind: SubscriptionKind;
  subscribe: string;
  unsubscribe: string;
}

const CHANNELS: Verbs = { kind: 'channels', subscribe: 'subscribe', unsubscribe: 'unsubscribe' };
const PATTERNS: Verbs = { kind: 'patterns', subscribe: 'psubscribe', unsubscribe: 'punsubscribe' };
const SHARD_CHANNELS: Verbs = { kind: 'shardChannels', subscribe: 'ssubscribe', unsubscribe: 'sunsubscribe' };

/** Channels and patterns are counted together, shard channels by themselves. */
const count = ({ client }: Call, kind: SubscriptionKind) =>
  kind === 'shardChannels' ? client.shardChannels.size : client.subscriptions;

const subscribe =
  ({ kind, subscribe: verb }: Verbs) =>
  (call: Call): Reply =>
    sequence(
      call.args.slice(1).map((name) => {
        call.instance.pubsub.subscribe(call.client, kind, name);
        return push(verb, name, count(call, kind));
      }),
    );

const unsubscribe =
  ({ kind, unsubscribe: verb }: Verbs) =>
  (call: Call): Reply => {
    const { args, client, instance } = call;
    const names = args.length > 1 ? args.slice(1) : [...client[kind]];
    if (names.length === 0) return push(verb, null, count(call, kind));
    return sequence(
      names.map((name) => {
        instance.pubsub.unsubscribe(client, kind, name);
        return push(verb, name, count(call, kind));
      }),
    );
  };

const publish = ({ args, instance }: Call): Reply => instance.pubsub.publish(args[1]!, args[2]!);
const publishToShard = ({ args, instance }: Call): Reply =>
  instance.pubsub.publishToShard(args[1]!, args[2]!);

const listActive =
  (kind: SubscriptionKind) =>
  ({ args, instance }: Call): Reply =>
    instance.pubsub.activeChannels(kind, args[2]);

const countSubscribers =
  (kind: SubscriptionKind) =>
  ({ args, instance }: Call): Reply =>
    args.slice(2).flatMap((name) => [name, instance.pubsub.countSubscribers(kind, name)]);

const subscribing = 'pubsub noscript loading stale';
const publishing = 'pubsub loading stale fast';
const asking = 'pubsub loading stale';

export const pubsubCommands: readonly Command[] = [
  { name: 'subscribe', arity: -2, flags: subscribing, run: subscribe(CHANNELS) },
  { name: 'psubscribe', arity: -2, flags: subscribing, run: subscribe(PATTERNS) },
  { name: 'ssubscribe', arity: -2, flags: subscribing, keys: ALL, run: subscribe(SHARD_CHANNELS) },
  { name: 'unsubscribe', arity: -1, flags: subscribing, run: unsubscribe(CHANNELS) },
  { name: 'punsubscribe', arity: -1, flags: subscribing, run: unsubscribe(PATTERNS) },
  { name: 'sunsubscribe', arity: -1, flags: subscribing, keys: ALL, run: unsubscribe(SHARD_CHANNELS) },
  { name: 'publish', arity: 3, flags: publishing, run: publish },
  { name: 'spublish', arity: 3, flags: publishing, keys: FIRST, run: publishToShard },
];

export const pubsubCommand: Container = {
  name: 'pubsub',
  subcommands: [
    { name: 'channels', arity: -2, flags: asking, run: listActive('channels') },
    { name: 'numsub', arity: -2, flags: asking, run: countSubscribers('channels') },
    { name: 'numpat', arity: 2, flags: asking, run: ({ instance }) => instance.pubsub.patternCount },
    { name: 'shardchannels', arity: -2, flags: asking, run: listActive('shardChannels') },
    { name: 'shardnumsub', arity: -2, flags: asking, run: countSubscribers('shardChannels') },
  ],
};
