/** One request to a subgraph: time limit, one more try, and an answer that is safe to merge and to show. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@souk/kit/log';
import type { AnswerError, Caller, FetchOutcome } from './executor.ts';
import { readAnswer, type SubgraphAnswer } from './read-answer.ts';
import type { Transport, TransportOutcome } from './transport.ts';

export interface SubgraphRequest {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

export interface AskOptions {
  subgraph: string;
  transport: Transport;
  timeoutMs: number;
  /** Off shows every message of a subgraph as it is: for development. */
  maskErrors: boolean;
  log: Log;
}

export type AskSubgraph = (request: SubgraphRequest, caller: Caller) => Promise<SubgraphAnswer>;

type Outcome = TransportOutcome | { ok: false; fault: 'timeout'; detail: string };

/** Whether to wait on: most answers come before the first look. */
const LOOK_EVERY_MS = 250;
/** Spreads the second tries of many requests that lost the same subgraph at once. */
const RETRY_AFTER_MS = { min: 10, max: 60 };

export function createAskSubgraph(options: AskOptions): AskSubgraph {
  const { subgraph, log } = options;
  return async (request, caller) => {
    const started = performance.now();
    const outcome = await exchange(options, request, caller);
    const seconds = (performance.now() - started) / 1000;
    const done = (result: FetchOutcome, answer: SubgraphAnswer) => {
      caller.observe({ subgraph, outcome: result, seconds });
      return answer;
    };
    if (!outcome.ok) {
      const { fault, detail } = outcome;
      if (fault !== 'cancelled') log.warn({ subgraph, fault, detail }, 'A subgraph gave no answer');
      return done(fault, failed(faultError(subgraph, fault, options.timeoutMs)));
    }
    const read = readAnswer(outcome.body, outcome.status, {
      subgraph,
      entities: entityCount(request),
      maskErrors: options.maskErrors,
      requestId: caller.requestId,
    });
    for (const hidden of read.hidden) log.warn({ subgraph, ...hidden }, 'A subgraph answered with an error');
    return done(read.outcome, read.answer);
  };
}

async function exchange(options: AskOptions, request: SubgraphRequest, caller: Caller): Promise<Outcome> {
  const { transport, timeoutMs } = options;
  const isMutation = /^\s*mutation\b/.test(request.query);
  const giveUp = new AbortController();
  const started = performance.now();
  let isTooLate = false;
  const look = setInterval(
    () => {
      // Timers may fire a little early.
      isTooLate = performance.now() - started >= timeoutMs - 1;
      // What changes something runs to its end, also when nobody waits for the answer any more.
      if (isTooLate || (!isMutation && caller.hasLeft())) giveUp.abort();
    },
    Math.min(LOOK_EVERY_MS, timeoutMs),
  );
  const send = () =>
    transport.send({ body: JSON.stringify(request), headers: caller.headers(), signal: giveUp.signal });
  try {
    let outcome = await send();
    if (!outcome.ok && outcome.fault === 'unreachable' && !isMutation && !giveUp.signal.aborted) {
      await sleep(RETRY_AFTER_MS.min + Math.random() * (RETRY_AFTER_MS.max - RETRY_AFTER_MS.min));
      outcome = await send();
    }
    if (outcome.ok || !isTooLate) return outcome;
    return { ok: false, fault: 'timeout', detail: `no answer after ${timeoutMs} ms` };
  } finally {
    clearInterval(look);
  }
}

function faultError(
  subgraph: string,
  fault: 'unreachable' | 'timeout' | 'too large' | 'cancelled',
  timeoutMs: number,
): AnswerError {
  const extensions = { code: 'SUBGRAPH_UNAVAILABLE', service: subgraph };
  switch (fault) {
    case 'timeout':
      return {
        message: `The subgraph "${subgraph}" did not answer within ${timeoutMs / 1000} s`,
        extensions: { ...extensions, code: 'SUBGRAPH_TIMEOUT' },
      };
    case 'too large':
      return { message: `The answer of the subgraph "${subgraph}" is too large; ask for less`, extensions };
    case 'cancelled':
      return { message: `The subgraph "${subgraph}" was not waited for: the client left`, extensions };
    case 'unreachable':
      return { message: `The subgraph "${subgraph}" cannot be reached; try again later`, extensions };
  }
}

function failed(error: AnswerError): SubgraphAnswer {
  return { errors: [error] };
}

/** How many entities the answer must have; nothing when it was not asked for entities. */
function entityCount({ variables }: SubgraphRequest): number | undefined {
  const representations = variables?.representations;
  return Array.isArray(representations) ? representations.length : undefined;
}
