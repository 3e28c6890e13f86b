/** Members who are at about the same place of one subscription: one feed, and each of its frames for all of them. */
import type { Log } from '@souk/kit/observe/log';
import type { AnswerError } from '../execute/executor.ts';
import type { Holder } from '../policy/claims.ts';
import type { Sink } from './calls.ts';
import type { Ending, Feed } from './feed.ts';
import type { Live } from './live.ts';
import { createRing, type Frame, type RingMemory } from './ring.ts';

export interface Member {
  sink: Sink;
  viewer: Holder;
  requestId: string;
  /** Of the last frame that it got, or what it came with. */
  cursor: string | undefined;
  /** Number of the last frame of its flow that is not for it any more. */
  seen: number;
  flow: Flow | undefined;
  isGone: boolean;
  /** Takes it out of where it is. */
  leave(): void;
}

export interface FlowOptions {
  /** The cursor that it begins after; from now on without one. */
  after: string | undefined;
  memory: RingMemory;
  openFeed(deliver: (frame: Frame) => Promise<void>, end: (ending: Ending) => void): Feed;
  /** A frame has gone out to all. */
  onFrame(flow: Flow, frame: Frame, members: number): void;
  onEnd(flow: Flow, ending: Ending): void;
  log: Log;
}

export interface Flow {
  /** Whether who joins it without a cursor misses nothing and gets nothing old. */
  isLive: boolean;
  members: ReadonlySet<Member>;
  holds(cursor: string): boolean;
  /** Whoever comes with a cursor, which it must hold, gets the frames since. The answer is how many. */
  join(member: Member, after: string | undefined): number;
  leave(member: Member): void;
  /** Takes over those who are at a place that it holds. The answer is how many. */
  adopt(others: Flow): Promise<number>;
  replan(live: Live): void;
  /** Members are told, unless they go elsewhere. */
  end(errors: readonly AnswerError[]): Promise<void>;
  close(): void;
}

/** Members who are served before others get a turn: some milliseconds. */
const AT_ONCE = 250;

export function createFlow(options: FlowOptions): Flow {
  const { after: start, log } = options;
  const members = new Set<Member>();
  const ring = createRing(start, options.memory);
  let cursor = start;
  let sent = 0;
  let isClosed = false;

  const give = (member: Member, { payload, cursor }: Frame): void => {
    if (cursor !== undefined) member.cursor = cursor;
    try {
      member.sink.next(payload, cursor);
    } catch (error) {
      // One client's transport must not take the frame from the others.
      log.error({ err: error }, 'A subscriber failed and is left out');
      flow.leave(member);
    }
  };

  const deliver = async (frame: Frame): Promise<void> => {
    sent++;
    if (frame.cursor !== undefined) cursor = frame.cursor;
    ring.push(frame);
    const current = sent;
    let given = 0;
    for (const member of members) {
      // Who has just joined has got it already, or came after it.
      if (member.seen >= current) continue;
      member.seen = current;
      give(member, frame);
      if (++given % AT_ONCE === 0) await turn();
    }
    options.onFrame(flow, frame, given);
  };

  const flow: Flow = {
    isLive: start === undefined,
    members,
    holds: ring.holds,
    join: (member, after) => {
      member.flow = flow;
      member.seen = sent;
      members.add(member);
      const missed = after === undefined ? [] : ring.since(after);
      if (after === undefined) member.cursor = cursor;
      for (const frame of missed) if (member.flow === flow) give(member, frame);
      return missed.length;
    },
    leave: (member) => {
      members.delete(member);
      member.flow = undefined;
    },
    adopt: async (other) => {
      let adopted = 0;
      for (const member of other.members) {
        if (isClosed) break;
        if (member.cursor === undefined || !ring.holds(member.cursor)) continue;
        other.leave(member);
        flow.join(member, member.cursor);
        if (++adopted % AT_ONCE === 0) await turn();
      }
      return adopted;
    },
    replan: (live) => feed.replan(live),
    end: async (errors) => {
      flow.close();
      let told = 0;
      for (const member of members) {
        flow.leave(member);
        member.sink.end(errors.length > 0 ? errors : undefined);
        if (++told % AT_ONCE === 0) await turn();
      }
    },
    close: () => {
      isClosed = true;
      feed.close();
      ring.clear();
    },
  };
  const feed = options.openFeed(deliver, (ending) => options.onEnd(flow, ending));
  return flow;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
