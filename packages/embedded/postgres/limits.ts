/** Every bound of the PostgreSQL stand-in in one place. Times are milliseconds, sizes bytes. */

/** Connections at once; the real server's default too. */
export const MAX_CONNECTIONS = 100;

/** So many more are let in to be told that there are too many, or to cancel; any further one is cut off without a word. */
export const MAX_TURNED_AWAY = 50;

/** A connection that has not finished its start-up by then is closed. */
export const STARTUP_WITHIN = 10_000;

/** The real server's own limit for a start-up packet, and for messages that carry no data. */
export const MAX_SMALL_MESSAGE = 10_000;

/** Statements, parameters and COPY data; the real server takes 1 GB. */
export const MAX_MESSAGE = 64 * 1024 * 1024;

/** Half-received messages of all connections together, so that many big promises cannot fill the memory. */
export const MAX_UNFINISHED_INPUT = 256 * 1024 * 1024;

/** A connection with more than this waiting for the engine is not read from until that has shrunk. */
export const QUEUE_HIGH = 1024 * 1024;

/** More than this in a socket's send buffer, and its next statements wait until the client has read. */
export const SEND_HIGH = 1024 * 1024;

/** The engine pauses inside a large result while this much of it is not yet on its way to the client. */
export const RESULT_WINDOW = 4 * 1024 * 1024;

/** A client that takes nothing for so long of a result that is sent in parts is disconnected: the engine may wait for it. */
export const READER_STALLED_AFTER = 10_000;

/** An idle transaction holds the engine: after this it is ended (25P03) as soon as somebody else waits. */
export const IDLE_TRANSACTION_LIMIT = 60_000;

/**
 * A statement that was cancelled, or is past its statement_timeout, but does not end by itself within this time makes
 * the engine start anew: the only way to stop a loop that never looks up.
 */
export const CANCEL_GRACE = 10_000;

/** Statements of so many connections travel to the engine at once. */
export const BATCH = 16;

/** A stop waits so long for the running statement. */
export const STOP_WITHIN = 8_000;

/** A new engine that could not start is tried again after this. */
export const RESTART_AGAIN_AFTER = 1_000;
