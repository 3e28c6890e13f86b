/** How much clients may ask for that stay connected, by a WebSocket or a stream of events. */

export interface SocketOptions {
  /** Connections at once: in all, of one address, of one viewer. 0 limits no address, or no viewer. */
  maxSockets: number;
  maxPerAddress: number;
  maxPerViewer: number;
  /** Of all clients together. */
  maxSubscriptions: number;
  /** That run on one socket at once, of any kind. */
  maxOperations: number;
  /** That one socket sends. */
  maxMessagesPerSecond: number;
  maxMessageBytes: number;
  /** Kept for a client that does not read; one more frame may stand on top. */
  maxBufferedBytes: number;
  /** A client that was not heard for so long is asked whether it is there; if it is not heard for as long again, it is not. */
  pingEveryMs: number;
  /** For `connection_init`. */
  initWithinMs: number;
  /** For a client that was told to go, and for what is still in its buffer. */
  closeWithinMs: number;
  /** Told before its token expires, so that the client can renew it. */
  warnBeforeExpiryMs: number;
}

export const SOCKET_DEFAULTS: SocketOptions = {
  maxSockets: 15_000,
  maxPerAddress: 500,
  maxPerViewer: 50,
  maxSubscriptions: 50_000,
  maxOperations: 100,
  maxMessagesPerSecond: 200,
  maxMessageBytes: 256 * 1_024,
  maxBufferedBytes: 1_024 * 1_024,
  pingEveryMs: 25_000,
  initWithinMs: 3_000,
  closeWithinMs: 5_000,
  warnBeforeExpiryMs: 30_000,
};
