/** Subscriptions over the supergraph: who asks for the same shares one upstream, and gets the same bytes. */
import { AsyncResource } from 'node:async_hooks';
import { EMPTY_BODY, type HttpRequest } from '@souk/kit/http/handler';
import { newRequestId } from '@souk/kit/http/request-id';
import { noTraces } from '@souk/kit/observe/traces';
import { LRUCache } from 'lru-cache';
import type { AnswerError } from '../execute/executor.ts';
import { keptFor, SIGNED_FOR_MS } from '../operation/run.ts';
import type { Holder } from '../policy/claims.ts';
import { type Refusal, refuseOperation, refuseRequest } from '../refusal.ts';
import type { SubscribeCall } from './calls.ts';
import { type Described, type DescribeOptions, describe } from './describe.ts';
import { createPlainDocuments } from './document.ts';
import { openFeed } from './feed.ts';
import type { Member } from './flow.ts';
import { createGroup, type Group } from './group.ts';
import { type Live, makeLive } from './live.ts';
import { SILENT } from './observer.ts';
import type { Subscriptions, SubscriptionsOptions } from './options.ts';
import { createUpstreams } from './upstreams.ts';

export type { Sink, SubscribeCall, Subscribed, SubscribeParams, SubscriptionObserver } from './calls.ts';
export type { Subscriptions, SubscriptionsOptions } from './options.ts';

/** Subscriptions that everybody is refused though their fields are shared: who comes next is not tried as a guest. */
const MAX_REFUSED = 1_000;
const REFUSED_MS = 60_000;
const JOINED_AT_ONCE = 100;
/** Groups that are planned anew before others get a turn. */
const PLANNED_AT_ONCE = 20;
const GUEST: Holder = { scopes: [] };
const NO_REQUEST: HttpRequest = {
  method: 'POST',
  path: '/graphql',
  query: '',
  headers: {},
  body: EMPTY_BODY,
};

export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { serving, subgraphHeaders, traces = noTraces, log } = options;
  const observer = { ...SILENT, ...options.observer };
  const groups = new Map<string, Group>();
  const refused = new LRUCache<string, true>({ max: MAX_REFUSED, ttl: REFUSED_MS });
  const memory = { bytes: 0 };
  /** What outlives a request is none of it: logs and traces would take it for one. */
  const outside = new AsyncResource('Subscriptions');
  let isStopped = false;
  const upstreams = createUpstreams({
    ...options,
    connectionHeaders: () => subgraphHeaders(NO_REQUEST, GUEST, newRequestId()),
    onReconnected: observer.reconnected,
  });
  const describing: DescribeOptions = {
    ...options,
    plainDocumentOf: createPlainDocuments(),
    isRefusedToEverybody: (key) => refused.has(key),
  };

  const openGroup = (described: Described, live: Live, { params, requestId }: SubscribeCall): Group => {
    const { key, audience } = described;
    const headersOf = () => subgraphHeaders(audience.request, audience.viewer, requestId);
    const group = createGroup({
      key,
      params,
      audience,
      requestId,
      live,
      memory,
      openFeed: (own) => {
        let isOver = false;
        const caller = {
          requestId,
          headers: keptFor(SIGNED_FOR_MS, headersOf),
          hasLeft: () => isOver,
          observe: observer.fetched,
        };
        const { maskErrors } = options;
        const hold = ({ served }: Live) => serving.hold(served);
        const feed = outside.runInAsyncScope(() =>
          openFeed({ ...own, caller, upstreams, maskErrors, hold, observer, traces, log }),
        );
        return {
          replan: feed.replan,
          close: () => {
            isOver = true;
            feed.close();
          },
        };
      },
      onEmpty: () => groups.delete(key),
      onRefused: (_, members) => {
        refused.set(key, true);
        void joinAllAgain(group, members);
      },
      observer,
      log,
    });
    groups.set(key, group);
    return group;
  };

  /** Nothing where no subgraph needs to be asked. */
  const groupFor = (described: Described, call: SubscribeCall): Group | undefined | { reason: string } => {
    const known = groups.get(described.key);
    if (known) return known;
    const made = makeLive(serving.current(), described.allowed, call.params.variables);
    if (!made.ok) return made;
    return made.live && openGroup(described, made.live, call);
  };

  /** Whether it may; it has joined then. */
  const join = (
    call: SubscribeCall,
    member: Member,
    startOf: (described: Described) => string | undefined,
  ): Described | Refusal => {
    const described = describe(describing, serving.current(), call);
    if (!described.ok) return described;
    const group = groupFor(described, call);
    if (group && 'reason' in group) return cannotRun(group.reason);
    if (group) group.join(member, startOf(described));
    // It selects nothing that could ever come.
    else setImmediate(() => !member.isGone && member.sink.end());
    return described;
  };

  /** From where the member is: in another group, or in one that is asked otherwise. */
  const joinAgain = ({ params, audience }: Group, member: Member): void => {
    const { sink, viewer, requestId } = member;
    if (member.isGone) return;
    if (isStopped) {
      sink.end(STOPPED);
      return;
    }
    const call = { params, viewer, request: audience.request, requestId, sink };
    const outcome = join(call, member, () => member.cursor);
    if (!outcome.ok) sink.end(outcome.errors);
  };

  const joinAllAgain = async (group: Group, members: readonly Member[]): Promise<void> => {
    let joined = 0;
    for (const member of members) {
      joinAgain(group, member);
      if (++joined % JOINED_AT_ONCE === 0) await new Promise(setImmediate);
    }
  };

  const replan = async (group: Group): Promise<void> => {
    const { params, audience, requestId, key } = group;
    const served = serving.current();
    const call = { params, viewer: audience.viewer, request: audience.request, requestId };
    const described = describe(describing, served, call);
    if (described.ok && described.key === key) {
      const made = makeLive(served, described.allowed, params.variables);
      if (made.ok && made.live) {
        group.replan(made.live);
        return;
      }
    }
    // Whether they may, and with whom they share it, is judged anew for each.
    await joinAllAgain(group, group.dissolve());
  };

  const replanAll = async (): Promise<void> => {
    const { supergraph } = serving.current();
    let planned = 0;
    for (const group of [...groups.values()]) {
      // Another one has taken over meanwhile, and has begun at the first group.
      if (isStopped || serving.current().supergraph !== supergraph) return;
      if (groups.get(group.key) === group) await replan(group);
      if (++planned % PLANNED_AT_ONCE === 0) await new Promise(setImmediate);
    }
  };
  serving.onReplaced(() => void replanAll());

  return {
    subscribe: async (call) => {
      if (isStopped) return refuseRequest('SERVICE_UNAVAILABLE', STOPPING);
      const { sink, viewer, requestId } = call;
      const member: Member = {
        sink,
        viewer,
        requestId,
        cursor: undefined,
        seen: 0,
        flow: undefined,
        isGone: false,
        leave: () => {},
      };
      const outcome = join(call, member, ({ after }) => after);
      if (!outcome.ok) return outcome;
      const { name, hash } = outcome;
      const leave = (): void => {
        member.isGone = true;
        member.leave();
      };
      return { ok: true, name, hash, leave };
    },
    figures: () => {
      const all = [...groups.values()].map((group) => group.figures());
      return {
        groups: groups.size,
        members: all.reduce((sum, { members }) => sum + members, 0),
        upstreams: all.reduce((sum, { flows }) => sum + flows, 0),
      };
    },
    stop: async () => {
      isStopped = true;
      await Promise.all([...groups.values()].map((group) => group.end(STOPPED)));
      upstreams.stop();
    },
  };
}

const STOPPING = 'The router is stopping; subscribe again';
const STOPPED: AnswerError[] = [{ message: STOPPING, extensions: { code: 'SERVICE_UNAVAILABLE' } }];

function cannotRun(reason: string): Refusal {
  return refuseOperation(
    'BAD_REQUEST',
    `This subscription cannot be run (${reason}); query what is beside its events by itself`,
  );
}
