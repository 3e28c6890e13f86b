/** Traces that remember their spans, for tests. */
import type { Attributes, Span, SpanKind, Traces } from '../observe/traces.ts';

export interface RecordedSpan extends Span {
  name: string;
  kind: SpanKind;
  parent: Span | string | undefined;
  attributes: Attributes;
  ended: boolean;
  failed: boolean;
}

export function recordedTraces(): Traces & { spans: RecordedSpan[] } {
  const spans: RecordedSpan[] = [];
  return {
    spans,
    start: (name, kind, parent, attributes = {}) => {
      const span: RecordedSpan = {
        name,
        kind,
        parent,
        attributes: { ...attributes },
        ended: false,
        failed: false,
        traceparent: `00-${'1'.repeat(32)}-${String(spans.length + 1).padStart(16, '0')}-01`,
        set: (more) => {
          Object.assign(span.attributes, more);
        },
        fail: () => {
          span.failed = true;
        },
        end: () => {
          span.ended = true;
        },
      };
      spans.push(span);
      return span;
    },
    stop: async () => {},
  };
}
