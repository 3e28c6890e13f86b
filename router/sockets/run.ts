/** Runs an operation of a socket as one of HTTP is run: in its turn, counted, traced, with one line in the log. */
import { maskedMessage } from '@souk/kit/errors/errors';
import { newRequestId } from '@souk/kit/http/request-id';
import type { Log } from '@souk/kit/observe/log';
import { newScope, runInScope } from '@souk/kit/observe/request-scope';
import type { Traces } from '@souk/kit/observe/traces';
import { overloaded, type Queue } from '../http/queue.ts';
import type { Params } from '../http/read-params.ts';
import { lineOf, spanAttributes } from '../http/request-line.ts';
import type { RouterMetrics } from '../metrics.ts';
import type { Guard } from '../policy/guard.ts';
import { type Refusal, refuseRequest } from '../refusal.ts';
import { newTrail, type Trail } from '../trail.ts';
import type { SocketMetrics } from './metrics.ts';
import type { Begun, Operations } from './operations.ts';
import type { Running, Socket, Subscription } from './socket.ts';

export interface RunOnSocket {
  run(socket: Socket, running: Running, params: Params): Promise<void>;
  /** What runs already is asked for anew, for its viewer as known now, from its last cursor. */
  runAgain(socket: Socket, running: Running, subscription: Subscription): Promise<void>;
}

export interface RunOptions {
  guard: Pick<Guard, 'admit'>;
  operations: Operations;
  queue: Queue;
  socketMetrics: SocketMetrics;
  metrics: RouterMetrics;
  traces: Traces;
  log: Log;
}

export function createRunOnSocket(options: RunOptions): RunOnSocket {
  const { guard, operations, socketMetrics } = options;
  return {
    run: async (socket, running, params) => {
      // Whoever completes it before it has begun, or goes away, waits for nothing.
      const leaving = new AbortController();
      const { signal } = leaving;
      running.leave = () => leaving.abort();
      const begun = await traced(options, socket, signal, async (trail) => {
        const request = { ...socket.request, signal };
        // Each time: tokens end, and callers have their rates.
        const admitted = await guard.admit(request, 1);
        if (!admitted.ok) return admitted;
        const { viewer } = admitted;
        trail.viewer = viewer;
        if (params.after !== undefined) socketMetrics.resumed();
        return operations.begin({ params, request, viewer, trail, sink: socket.sinkOf(running) });
      });
      settle(socket, running, begun);
    },
    runAgain: async (socket, running, { operation, params }) => {
      const leaving = new AbortController();
      const { signal } = leaving;
      const leaveOld = running.leave;
      const after = running.cursor;
      // From a cursor it goes on without a gap. Without one it must not miss what comes until it has begun anew.
      if (after !== undefined) leaveOld();
      running.leave = () => {
        leaveOld();
        leaving.abort();
      };
      const begun = await traced(options, socket, signal, async (trail) => {
        const request = { ...socket.request, signal };
        const viewer = socket.viewer!;
        trail.viewer = viewer;
        const sink = socket.sinkOf(running);
        return operations.subscribe({ operation, params, after, request, viewer, trail, sink });
      });
      leaveOld();
      settle(socket, running, begun);
    },
  };
}

/** What came of a beginning; its client may have ended it meanwhile. */
function settle(socket: Socket, running: Running, begun: Begun | Refusal): void {
  if (!begun.ok) socket.fail(running, begun.errors);
  else if (running.isOver) begun.leave();
  else {
    running.leave = begun.leave;
    running.subscription = begun.subscription;
    if (socket.isDeparting) socket.depart();
  }
}

type Work = (trail: Trail) => Promise<Begun | Refusal>;

async function traced(
  options: RunOptions,
  socket: Socket,
  signal: AbortSignal,
  work: Work,
): Promise<Begun | Refusal> {
  const { metrics, traces, log } = options;
  const trail = newTrail(newRequestId());
  const span = traces.start('router', 'server', undefined);
  const started = performance.now();
  return runInScope(newScope(trail.requestId, span), async () => {
    const begun = await inTurn(options, trail, signal, work);
    const milliseconds = performance.now() - started;
    const status = begun.ok ? 200 : begun.status;
    if (!begun.ok) for (const { extensions } of begun.errors) trail.errors.push(extensions.code);
    span?.set({ 'http.response.status_code': status, ...spanAttributes(trail) });
    span?.end();
    metrics.observe(trail, status, milliseconds / 1_000);
    log.info({ ...lineOf(socket.request, trail, status, milliseconds), method: 'WEBSOCKET' }, 'request');
    return begun;
  });
}

async function inTurn(
  { queue, log }: RunOptions,
  trail: Trail,
  signal: AbortSignal,
  work: Work,
): Promise<Begun | Refusal> {
  const entered = queue.enter(() => signal.aborted);
  if (!(typeof entered === 'boolean' ? entered : await entered)) return overloaded();
  try {
    return await work(trail);
  } catch (error) {
    // A fault of ours: its cause is for the log, the client gets the id to report.
    log.error({ err: error }, 'A request failed');
    const { requestId } = trail;
    return refuseRequest('INTERNAL_SERVER_ERROR', maskedMessage(requestId), { extensions: { requestId } });
  } finally {
    queue.leave();
  }
}
