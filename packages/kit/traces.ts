/**
 * OpenTelemetry traces, told to a collector when `OTEL_EXPORTER_OTLP_ENDPOINT` is set. The packages are loaded only
 * then; without it a trace costs one call of an empty function.
 */

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

export const noTraces: Traces = { start: () => undefined, stop: async () => {} };

export interface TracesOptions {
  /** Base URL of the collector; without it there are no traces. */
  endpoint: string | undefined;
  service: string;
}

export async function startTraces({ endpoint, service }: TracesOptions): Promise<Traces> {
  if (endpoint === undefined) return noTraces;
  const { openTraces, otlpExporter } = await import('./traces-otlp.ts');
  return openTraces(service, otlpExporter(endpoint));
}
