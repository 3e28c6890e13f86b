/** What a trace is made of, whoever records it. */

export type Attributes = Record<string, string | number | boolean>;
export type SpanKind = 'server' | 'client' | 'internal';

export interface Span {
  /** W3C trace context for the next hop. */
  readonly traceparent: string;
  set(attributes: Attributes): void;
  fail(error: unknown): void;
  end(): void;
}

export interface Traces {
  /** `parent` is a span of this process, or the `traceparent` header of the caller. Nothing when traces are off. */
  start(
    name: string,
    kind: SpanKind,
    parent?: Span | string | undefined,
    attributes?: Attributes,
  ): Span | undefined;
  /** Sends what has not been sent yet. */
  stop(): Promise<void>;
}
