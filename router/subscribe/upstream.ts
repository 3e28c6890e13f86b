/** A subgraph as a source of events, whether it is in this process or behind a socket. */

export interface UpstreamCall {
  query: string;
  operationName?: string;
  variables: Record<string, unknown>;
  /** Who asks, signed at the moment it is sent. */
  headers(): Record<string, string>;
}

export interface UpstreamListener {
  /** JSON of one execution result, as the subgraph wrote it. */
  next(event: Buffer): void;
  /** The subgraph refused, or ended it with errors. */
  fail(errors: readonly unknown[]): void;
  complete(): void;
  /** The connection broke: what has happened since is not known. */
  lost(): void;
}

export interface Upstream {
  /** Waits for as long as the subgraph is away. The answer ends it; the listener is not told anything from then on. */
  open(call: UpstreamCall, listener: UpstreamListener): () => void;
  close(): void;
}
