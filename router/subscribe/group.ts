/**
 * All who ask for the same and are told the same. Mostly that is one flow; who comes with an older cursor gets a flow of
 * their own, and goes over to the leading one as soon as that holds their place: without a gap, since every frame since
 * is there, and without a double, since the place is exact.
 */
import type { Log } from '@souk/kit/observe/log';
import type { AnswerError } from '../execute/executor.ts';
import type { SubscribeParams, SubscriptionObserver } from './calls.ts';
import type { Ending, Feed, FeedOptions } from './feed.ts';
import { createFlow, type Flow, type Member } from './flow.ts';
import type { Live } from './live.ts';
import type { RingMemory } from './ring.ts';
import type { Audience } from './sharing.ts';

export interface GroupOptions {
  key: string;
  params: SubscribeParams;
  audience: Audience;
  requestId: string;
  live: Live;
  memory: RingMemory;
  openFeed(options: Pick<FeedOptions, 'live' | 'after' | 'deliver' | 'end'>): Feed;
  /** Nobody is left. */
  onEmpty(group: Group): void;
  /** Everybody was refused; its members may be heard each for themselves. */
  onRefused(group: Group, members: readonly Member[]): void;
  observer: SubscriptionObserver;
  log: Log;
}

export interface Group {
  readonly key: string;
  readonly params: SubscribeParams;
  readonly audience: Audience;
  readonly requestId: string;
  join(member: Member, after: string | undefined): void;
  leave(member: Member): void;
  replan(live: Live): void;
  /** Its members, who are not told: they go elsewhere. */
  dissolve(): Member[];
  end(errors: readonly AnswerError[]): Promise<void>;
  figures(): { members: number; flows: number };
}

const RESUME_EXPIRED = 'RESUME_EXPIRED';

export function createGroup(options: GroupOptions): Group {
  const { key, params, audience, requestId, observer, log } = options;
  const flows = new Set<Flow>();
  let { live } = options;
  observer.groupOpened();

  const open = (after: string | undefined): Flow => {
    const flow = createFlow({
      after,
      memory: options.memory,
      openFeed: (deliver, end) => options.openFeed({ live, after, deliver, end }),
      onFrame: (_, { arrived }, members) => {
        observer.delivered((performance.now() - arrived) / 1000, members);
        settle(flow);
      },
      onEnd: ended,
      log,
    });
    flows.add(flow);
    return flow;
  };

  const lead = (): Flow | undefined => {
    const [eldest] = flows;
    return [...flows].find(({ isLive }) => isLive) ?? eldest;
  };

  /** After a frame of one flow, it or the others may be at a place that the leading one holds. */
  function settle(flow: Flow): void {
    // Members may have failed.
    closeWhenEmpty(flow);
    const leading = lead();
    if (!leading || flows.size === 1) return;
    for (const other of flow === leading ? flows : [flow])
      if (other !== leading) void handOver(other, leading);
  }

  async function handOver(flow: Flow, leading: Flow): Promise<void> {
    const adopted = await leading.adopt(flow);
    if (adopted > 0) observer.handedOver(adopted);
    closeWhenEmpty(flow);
  }

  function closeWhenEmpty(flow: Flow): void {
    if (flow.members.size > 0 || !flows.delete(flow)) return;
    flow.close();
    closeIfLast();
  }

  function closeIfLast(): void {
    if (flows.size > 0) return;
    observer.groupClosed();
    options.onEmpty(group);
  }

  function ended(flow: Flow, { errors, isRefusal }: Ending): void {
    if (!flows.delete(flow)) return;
    const code = errors[0]?.extensions.code;
    if (audience.isEverybody && isRefusal && code !== RESUME_EXPIRED) {
      const members = [...flow.members];
      for (const member of members) flow.leave(member);
      flow.close();
      closeIfLast();
      options.onRefused(group, members);
      return;
    }
    closeIfLast();
    void flow.end(errors);
  }

  const group: Group = {
    key,
    params,
    audience,
    requestId,
    join: (member, after) => {
      member.leave = () => group.leave(member);
      member.cursor = after;
      if (after === undefined) {
        const leading = lead();
        (leading?.isLive ? leading : open(undefined)).join(member, undefined);
        return;
      }
      const near = [...flows].find((flow) => flow.holds(after));
      if (near) {
        observer.replayed(near.join(member, after));
      } else {
        if (flows.size > 0) observer.caughtUpAlone();
        open(after).join(member, after);
      }
    },
    leave: (member) => {
      const { flow } = member;
      if (!flow) return;
      flow.leave(member);
      closeWhenEmpty(flow);
    },
    replan: (next) => {
      live = next;
      for (const flow of flows) flow.replan(next);
    },
    dissolve: () => {
      const members = [...flows].flatMap((flow) => [...flow.members]);
      for (const flow of flows) flow.close();
      flows.clear();
      for (const member of members) member.flow?.leave(member);
      closeIfLast();
      return members;
    },
    end: async (errors) => {
      const ending = [...flows];
      flows.clear();
      closeIfLast();
      await Promise.all(ending.map((flow) => flow.end(errors)));
    },
    figures: () => ({
      members: [...flows].reduce((sum, { members }) => sum + members.size, 0),
      flows: flows.size,
    }),
  };
  return group;
}
