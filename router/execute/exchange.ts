/** One request to a subgraph and its answer as bytes: circuit breaker, time limit, one more try, and a span about it. */
import { TRACEPARENT_HEADER } from '@souk/kit/http/handler';
import type { Log } from '@souk/kit/observe/log';
import { currentScope } from '@souk/kit/observe/request-scope';
import type { Span, Traces } from '@souk/kit/observe/traces';
import type { Breaker, Settle } from './breaker.ts';
import type { AnswerError, Caller, FetchOutcome } from './executor.ts';
import { createGiveUp } from './give-up.ts';
import { aMoment, mayWorkAgain } from './retry.ts';
import type { Transport } from './transport.ts';
import { createWatch } from './watch.ts';

export interface ExchangeOptions {
  subgraph: string;
  transport: Transport;
  timeoutMs: number;
  breaker?: Breaker;
  traces?: Traces;
  log: Log;
}

export interface Call {
  /** JSON of the whole request. */
  body: Buffer;
  /** The operation in it, to find the fetch in the plan by. */
  operation: string;
  isMutation: boolean;
}

export type Exchanged =
  /** `settle` is told once what the bytes turned out to be. */
  | { ok: true; status: number; body: Buffer | string; settle(outcome: 'ok' | 'errors' | 'invalid'): void }
  | { ok: false; error: AnswerError };

export type Exchange = (call: Call, caller: Caller) => Promise<Exchanged>;

type Fault = Exclude<FetchOutcome, 'ok' | 'errors' | 'invalid'>;

/** These say that the subgraph is not well; an answer that is too large may be the client's doing. */
const BAD: readonly FetchOutcome[] = ['unreachable', 'timeout', 'invalid'];

/** One function from request to outcome: each promise between them would cost as much as a part of the work. */
export function createExchange(options: ExchangeOptions): Exchange {
  const { subgraph, transport, timeoutMs, breaker, traces, log } = options;
  const watch = createWatch(timeoutMs);
  return async ({ body, operation, isMutation }, caller) => {
    const started = performance.now();
    const span = traces?.start(`fetch ${subgraph}`, 'client', currentScope()?.span);
    const settleBreaker = breaker ? breaker.enter() : never;
    const settle = (outcome: FetchOutcome) => {
      const seconds = (performance.now() - started) / 1000;
      settleBreaker?.(outcome === 'cancelled' ? 'unknown' : BAD.includes(outcome) ? 'bad' : 'good');
      caller.observe({ subgraph, outcome, started, seconds, operation });
      if (span) endSpan(span, subgraph, outcome);
    };
    const fail = (fault: Fault): Exchanged => {
      settle(fault);
      return { ok: false, error: faultError(subgraph, fault, timeoutMs) };
    };
    if (!settleBreaker) return fail('circuit open');

    const giveUp = createGiveUp();
    // What changes something runs to its end, also when nobody waits for the answer any more.
    const watched = { giveUp, started, isForNobody: () => !isMutation && caller.hasLeft() };
    const send = () => {
      const headers = caller.headers();
      if (span) headers[TRACEPARENT_HEADER] = span.traceparent;
      return transport.send({ body, headers, giveUp, mayRepeat: !isMutation });
    };
    watch.add(watched);
    try {
      let outcome = await send();
      if (mayWorkAgain(outcome) && !isMutation && !giveUp.aborted) {
        await aMoment();
        if (!giveUp.aborted) outcome = await send();
      }
      if (outcome.ok) return { ok: true, status: outcome.status, body: outcome.body, settle };
      if (watch.isTooLate(watched)) {
        log.warn({ subgraph, fault: 'timeout', detail: `no answer after ${timeoutMs} ms` }, NO_ANSWER);
        return fail('timeout');
      }
      const { fault, detail } = outcome;
      if (fault !== 'cancelled') log.warn({ subgraph, fault, detail }, NO_ANSWER);
      return fail(fault);
    } finally {
      watch.remove(watched);
    }
  };
}

const never: Settle = () => {};
const NO_ANSWER = 'A subgraph gave no answer';

function endSpan(span: Span, subgraph: string, outcome: FetchOutcome): void {
  span.set({ 'subgraph.name': subgraph, 'subgraph.outcome': outcome });
  if (outcome !== 'ok' && outcome !== 'errors') span.fail(new Error(outcome));
  span.end();
}

function faultError(subgraph: string, fault: Fault, timeoutMs: number): AnswerError {
  const extensions = { code: 'SUBGRAPH_UNAVAILABLE', service: subgraph };
  switch (fault) {
    case 'timeout':
      return {
        message: `The subgraph "${subgraph}" did not answer within ${timeoutMs / 1000} s`,
        extensions: { ...extensions, code: 'SUBGRAPH_TIMEOUT' },
      };
    case 'circuit open':
      return {
        message: `The subgraph "${subgraph}" failed too often and is left alone for a moment; try again later`,
        extensions: { ...extensions, code: 'SUBGRAPH_CIRCUIT_OPEN' },
      };
    case 'too large':
      return { message: `The answer of the subgraph "${subgraph}" is too large; ask for less`, extensions };
    case 'cancelled':
      return { message: `The subgraph "${subgraph}" was not waited for: the client left`, extensions };
    case 'unreachable':
      return { message: `The subgraph "${subgraph}" cannot be reached; try again later`, extensions };
  }
}
