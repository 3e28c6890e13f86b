/**
 * One subscription at a subgraph, as frames in the order of its events. Where it can be resumed it outlives connections,
 * subgraphs and supergraphs: each time it asks for what came after the last event that it has. Events wait in a bounded
 * line for their frames; when that is full, the subgraph is left, and asked for the rest when there is room.
 */
import { maskedMessage } from '@souk/kit/errors/errors';
import type { Log } from '@souk/kit/observe/log';
import { newScope, runInScope } from '@souk/kit/observe/request-scope';
import type { Traces } from '@souk/kit/observe/traces';
import type { AnswerError, Caller } from '../execute/executor.ts';
import { readErrors } from '../execute/read-answer.ts';
import { createBackOff } from './back-off.ts';
import type { SubscriptionObserver } from './calls.ts';
import { createLine } from './line.ts';
import { asksTheSame, type Live } from './live.ts';
import type { Frame } from './ring.ts';
import type { Upstreams } from './upstreams.ts';

export interface FeedOptions {
  live: Live;
  /** The cursor to begin after; from now on without one. */
  after: string | undefined;
  caller: Caller;
  upstreams: Upstreams;
  maskErrors: boolean;
  /** Keeps a supergraph whole until the answer is called. */
  hold(live: Live): () => void;
  /** The next one comes when it has settled. */
  deliver(frame: Frame): Promise<void>;
  end(ending: Ending): void;
  observer: SubscriptionObserver;
  traces: Traces;
  log: Log;
}

export interface Ending {
  errors: readonly AnswerError[];
  /** The subgraph said no before it sent anything. */
  isRefusal: boolean;
}

export interface Feed {
  /** Goes on with another plan. */
  replan(live: Live): void;
  close(): void;
}

/** Cursors that are remembered, to know what a subgraph sends twice when it is asked again. */
const MAX_SEEN = 256;
/** In a row, each after a longer wait: about a minute. */
const MAX_REFUSALS = 15;
/** Who asks again may get an answer. */
const PASSING: readonly unknown[] = [
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
  'UNSIGNED_REQUEST',
  'SLOW_CONSUMER',
];
const RESUME_EXPIRED = 'RESUME_EXPIRED';

export function openFeed(options: FeedOptions): Feed {
  const { caller, upstreams, observer, log } = options;
  const backOff = createBackOff();
  const seen = new Set<string>();
  let { live, after: position } = options;
  let release = options.hold(live);
  /** What is open at the subgraph. */
  let leave: (() => void) | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let isOver = false;
  let hasEvents = false;
  let wasOpen = false;
  let wasLost = false;
  /** What came before is passed over until something new comes. */
  let isResuming = false;

  const line = createLine({
    frame: (of, event, cursor) => {
      const span = options.traces.start(`event ${of.source.subgraph}`, 'internal');
      const frame = runInScope(newScope(caller.requestId, span), () => of.frame(event, cursor, caller));
      return span ? frame.finally(() => span.end()) : frame;
    },
    hold: options.hold,
    deliver: options.deliver,
    rendered: observer.rendered,
    onRoom: () => open(),
    onFault: (error) => {
      log.error({ err: error }, 'A frame of a subscription could not be made');
      const message = maskedMessage(caller.requestId);
      finish({ errors: [{ message, extensions: { code: 'INTERNAL_SERVER_ERROR' } }], isRefusal: false });
    },
  });
  open();

  return {
    replan: (next) => {
      if (isOver) return;
      const isSame = asksTheSame(live, next) && upstreamOf(live) === upstreamOf(next);
      release();
      release = options.hold(next);
      live = next;
      if (isSame || !leave) return;
      stop();
      if (canResume()) open();
      else over([gone('The schema has changed; subscribe again')]);
    },
    close: () => {
      line.close();
      finish(undefined);
    },
  };

  function upstreamOf({ served, source }: Live) {
    return upstreams.of(served.supergraph, source.subgraph);
  }

  function open(): void {
    if (isOver || leave) return;
    const { query, operationName, resume } = live.source;
    const from = resume && position !== undefined ? { [resume.variable]: position } : {};
    const named = operationName === undefined ? {} : { operationName };
    const variables = { ...live.variables, ...from };
    isResuming = wasOpen && position !== undefined;
    wasOpen = true;
    let isLeft = false;
    let end: (() => void) | undefined;
    leave = () => {
      isLeft = true;
      end?.();
    };
    const unlessLeft =
      <Args extends unknown[]>(work: (...args: Args) => void) =>
      (...args: Args) => {
        if (!isLeft) work(...args);
      };
    end = upstreamOf(live).open(
      { query, ...named, variables, headers: caller.headers },
      {
        next: unlessLeft(receive),
        fail: unlessLeft(refused),
        complete: unlessLeft(() => over([])),
        lost: unlessLeft(lost),
      },
    );
    if (isLeft) end();
  }

  function stop(): void {
    clearTimeout(waiting);
    leave?.();
    leave = undefined;
  }

  function receive(event: Buffer): void {
    const failure = failureIn(event);
    if (failure) {
      refused(failure);
      return;
    }
    const cursor = live.cursorIn(event);
    if (isResuming && cursor !== undefined && seen.has(cursor)) return;
    isResuming = false;
    hasEvents = true;
    backOff.succeeded();
    observer.event(live.source.subgraph);
    if (cursor !== undefined) remember(cursor);
    line.push(event, cursor, live);
    if (line.isFull()) pause();
  }

  function remember(cursor: string): void {
    position = cursor;
    seen.add(cursor);
    if (seen.size > MAX_SEEN) seen.delete(seen.values().next().value!);
  }

  function pause(): void {
    stop();
    if (canResume()) observer.paused(live.source.subgraph);
    else
      over([
        gone('Events come faster than they can be passed on; ask for less of each, and subscribe again'),
      ]);
  }

  function lost(): void {
    stop();
    wasLost = true;
    if (canResume()) openLater();
    else over([gone('The connection to it broke, and events may have been missed; subscribe again')]);
  }

  /** Before the first event there is nothing to miss: nobody was told from where on the subscription is. */
  function canResume(): boolean {
    return live.source.resume !== undefined && (position !== undefined || !hasEvents);
  }

  function openLater(): void {
    waiting = setTimeout(open, backOff.nextMs());
  }

  function refused(errors: readonly unknown[]): void {
    stop();
    const { subgraph } = live.source;
    const { requestId } = caller;
    const context = { subgraph, entities: undefined, maskErrors: options.maskErrors, requestId };
    const { shown, hidden } = readErrors(errors, context);
    for (const fault of hidden) log.warn({ subgraph, ...fault }, 'A subgraph ended a subscription');
    const code = shown[0]?.extensions.code;
    if (code === RESUME_EXPIRED) observer.expired();
    // Who has been served before is not told of what passes.
    const isPassing = (hasEvents || wasLost) && PASSING.includes(code) && canResume();
    if (isPassing && backOff.failures() < MAX_REFUSALS) openLater();
    else over(shown.length > 0 ? shown : [gone('It ended the subscription without a reason')]);
  }

  function over(errors: readonly AnswerError[]): void {
    stop();
    line.whenEmpty(() => finish({ errors, isRefusal: !hasEvents && errors.length > 0 }));
  }

  function finish(ending: Ending | undefined): void {
    if (isOver) return;
    isOver = true;
    stop();
    line.close();
    release();
    if (ending) options.end(ending);
  }

  function gone(reason: string): AnswerError {
    const { subgraph: service } = live.source;
    const message = `The subscription to the subgraph "${service}" has ended. ${reason}`;
    return { message, extensions: { code: 'SUBGRAPH_UNAVAILABLE', service } };
  }
}

const DATA_FIRST = Buffer.from('{"data"');

/** An execution result without `data` is the end: the stream of events itself has failed. */
function failureIn(event: Buffer): readonly unknown[] | undefined {
  if (event.subarray(0, DATA_FIRST.length).equals(DATA_FIRST)) return undefined;
  try {
    const result: unknown = JSON.parse(event.toString('utf8'));
    if (typeof result !== 'object' || result === null || 'data' in result || !('errors' in result))
      return undefined;
    return Array.isArray(result.errors) ? result.errors : undefined;
  } catch {
    // No JSON: whoever runs the event tells so.
    return undefined;
  }
}
