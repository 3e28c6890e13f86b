/** Why connections end: the code and the words for the client, and the name for the log and the metrics. */
import { CloseCode } from 'graphql-ws';

/** By the router. Beside these a client may leave by itself, or be lost. */
export const FAREWELLS = {
  'bad message': { code: CloseCode.BadRequest, reason: 'Invalid message' },
  'not initialised': { code: CloseCode.Unauthorized, reason: 'Unauthorized: send connection_init first' },
  'bad token': { code: CloseCode.Unauthorized, reason: 'Unauthorized' },
  'token expired': { code: CloseCode.Unauthorized, reason: 'Token expired' },
  'token revoked': { code: CloseCode.Unauthorized, reason: 'Token revoked' },
  'another viewer': {
    code: CloseCode.Forbidden,
    reason: "Forbidden: the token is another viewer's; connect anew with it",
  },
  'no subprotocol': { code: CloseCode.SubprotocolNotAcceptable, reason: 'Subprotocol not acceptable' },
  'no init': { code: CloseCode.ConnectionInitialisationTimeout, reason: 'Connection initialisation timeout' },
  'id in use': { code: CloseCode.SubscriberAlreadyExists, reason: 'Subscriber for this id already exists' },
  'second init': {
    code: CloseCode.TooManyInitialisationRequests,
    reason: 'Too many initialisation requests',
  },
  'too many messages': { code: CloseCode.TooManyInitialisationRequests, reason: 'Too many messages' },
  'too many sockets': {
    code: CloseCode.TooManyInitialisationRequests,
    reason: 'Too many sockets of this viewer',
  },
  /** In the protocol's range, and among the codes that clients come back after. */
  'slow consumer': { code: 4413, reason: 'Slow consumer' },
  'try again later': { code: 1013, reason: 'Try again later' },
  stopping: { code: 1012, reason: 'Service restart' },
  fault: { code: CloseCode.InternalServerError, reason: 'Internal server error' },
  /** Not told: nobody is there to hear it. */
  silent: { code: 1006, reason: '' },
} as const;

export type Farewell = keyof typeof FAREWELLS;

/** What came of a connection that the router did not end. */
export type Departure = 'left' | 'lost' | 'message too large' | 'broke the protocol';

const ABNORMAL = 1006;
const PROTOCOL_ERROR = 1002;
const INVALID_TEXT = 1007;
const TOO_LARGE = 1009;

export function departureOf(code: number): Departure {
  if (code === ABNORMAL) return 'lost';
  if (code === TOO_LARGE) return 'message too large';
  return code === PROTOCOL_ERROR || code === INVALID_TEXT ? 'broke the protocol' : 'left';
}

/** Bytes of a close reason, as RFC 6455 bounds it. */
const MAX_REASON = 123;

/** The words, with more of them if they fit. */
export function reasonOf(farewell: Farewell, more?: string): string {
  const { reason } = FAREWELLS[farewell];
  if (more === undefined) return reason;
  const whole = `${reason}: ${more}`;
  return Buffer.byteLength(whole) <= MAX_REASON ? whole : reason;
}
