/** What clients are told that may not come in, or not stay. */
import type { AnswerError } from '../execute/executor.ts';
import { type Refusal, refuseRequest } from '../refusal.ts';

export type NoRoom = 'process' | 'address' | 'stopping';
export type NotLetIn = NoRoom | 'viewer' | 'origin' | 'path';

const RETRY = { headers: { 'retry-after': '1' } };

const REFUSALS: Record<NotLetIn, () => Refusal> = {
  path: () => refuseRequest('NOT_FOUND', 'Nothing is here; GraphQL is served at /graphql'),
  origin: () =>
    refuseRequest(
      'REQUEST_BLOCKED',
      'Pages of this origin may not ask here; ROUTER_CORS_ORIGINS names those that may',
    ),
  process: () =>
    refuseRequest(
      'SERVICE_UNAVAILABLE',
      'There are more clients than can be served; try again in a moment (ROUTER_SOCKETS)',
      RETRY,
    ),
  stopping: () => refuseRequest('SERVICE_UNAVAILABLE', 'This process is stopping; try again', RETRY),
  address: () =>
    refuseRequest(
      'RATE_LIMITED',
      'This address has as many connections as it may have; close some (ROUTER_SOCKETS_ADDRESS)',
      RETRY,
    ),
  viewer: () =>
    refuseRequest(
      'RATE_LIMITED',
      'This viewer has as many connections as they may have; close some (ROUTER_SOCKETS_VIEWER)',
      RETRY,
    ),
};

export function refuseEntry(why: NotLetIn): Refusal {
  return REFUSALS[why]();
}

export function slowConsumer(cursor: string | undefined): AnswerError {
  return {
    message:
      'What was sent is not taken fast enough; subscribe again after the cursor, and ask for less of each event',
    extensions: { ...(cursor === undefined ? {} : { cursor }), code: 'SLOW_CONSUMER' },
  };
}

export function tokenIsOver(why: 'token expired' | 'token revoked'): AnswerError {
  const reason = why === 'token expired' ? 'expired' : 'revoked';
  return {
    message: `The access token ${reason === 'expired' ? 'has expired' : 'has been ended'}; subscribe again with a new one`,
    extensions: { reason, code: 'UNAUTHENTICATED' },
  };
}
