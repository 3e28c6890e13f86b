/** The part of traces.ts that needs the OpenTelemetry packages. Imported only when traces are on. */
import {
  type Context,
  SpanKind as OtelKind,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Attributes, Span, SpanKind, Traces } from './spans.ts';

const KINDS: Record<SpanKind, OtelKind> = {
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  internal: OtelKind.INTERNAL,
};

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Our spans carry the context along themselves: no global provider, so that services can share a process. */
export interface OtlpSpan extends Span {
  readonly context: Context;
}

export function otlpExporter(endpoint: string): SpanExporter {
  return new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
}

export function openTraces(service: string, exporter: SpanExporter): Traces {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('souk');
  return {
    start: (name, kind, parent, attributes) => {
      const options = { kind: KINDS[kind], ...(attributes ? { attributes } : {}) };
      return spanOf(tracer.startSpan(name, options, contextOf(parent)));
    },
    stop: () => provider.shutdown(),
  };
}

function contextOf(parent: Span | string | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT;
  if (typeof parent !== 'string') return (parent as OtlpSpan).context;
  const [, traceId, spanId, flags] = TRACEPARENT.exec(parent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}

function spanOf(span: OtelSpan): OtlpSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    context: trace.setSpan(ROOT_CONTEXT, span),
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    set: (attributes: Attributes) => {
      span.setAttributes(attributes);
    },
    fail: (error: unknown) => {
      if (error instanceof Error) span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
    end: () => span.end(),
  };
}
