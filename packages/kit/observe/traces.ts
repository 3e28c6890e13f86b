/**
 * OpenTelemetry traces, told to a collector when `OTEL_EXPORTER_OTLP_ENDPOINT` is set. The packages are loaded only
 * then; without it a trace costs one call of an empty function.
 */

import type { Traces } from './spans.ts';

export type { Attributes, Span, SpanKind, Traces } from './spans.ts';

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
