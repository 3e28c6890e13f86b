import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { HttpRequest } from '../http/handler.ts';
import { serve } from '../http/serve.ts';
import { bundled } from '../tests/bundled.ts';
import { silentLog } from './log.ts';
import { noTraces, startTraces } from './traces.ts';

const caller = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

describe('without an endpoint', () => {
  test('there are no traces, and the packages that make them are not loaded', async () => {
    const traces = await startTraces({ endpoint: undefined, service: 'shelf' });
    expect(traces).toBe(noTraces);
    expect(traces.start('request', 'server', caller)).toBeUndefined();
    await traces.stop();
    const loaded = Object.keys(require.cache).filter((file) => /opentelemetry\/(sdk|exporter)/.test(file));
    expect(loaded).toEqual([]);
  });
});

describe('spans', () => {
  async function record() {
    const { InMemorySpanExporter } = await import('@opentelemetry/sdk-trace-node');
    const { openTraces } = await import('./traces-otlp.ts');
    const exporter = new InMemorySpanExporter();
    // The exporter forgets what it has when it is shut down.
    exporter.shutdown = async () => {};
    return { traces: openTraces('shelf', exporter), spans: () => exporter.getFinishedSpans() };
  }

  test('have their parents, attributes and faults', async () => {
    const { traces, spans } = await record();
    const request = traces.start('request', 'server', caller, { 'http.method': 'POST' });
    const query = traces.start('postgres', 'client', request);
    query?.fail(new Error('gone'));
    query?.end();
    request?.set({ more: true });
    request?.end();
    await traces.stop();

    const [store, root] = spans();
    expect(root).toMatchObject({
      name: 'request',
      kind: 1,
      attributes: { 'http.method': 'POST', more: true },
    });
    expect(root?.spanContext().traceId).toBe('a'.repeat(32));
    expect(root?.parentSpanContext?.spanId).toBe('b'.repeat(16));
    expect(root?.resource.attributes).toMatchObject({ 'service.name': 'shelf' });
    expect(store).toMatchObject({
      name: 'postgres',
      kind: 2,
      status: { code: 2 },
      events: [{ name: 'exception' }],
    });
    expect(store?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
    expect(request?.traceparent).toBe(`00-${'a'.repeat(32)}-${root?.spanContext().spanId}-01`);
  });

  test.each([undefined, '', 'nonsense', caller.replace('00', '01'), caller.toUpperCase()])(
    'begin a trace of their own when the caller sends %j',
    async (header) => {
      const { traces, spans } = await record();
      traces.start('request', 'internal', header)?.end();
      await traces.stop();
      expect(spans()[0]?.parentSpanContext).toBeUndefined();
    },
  );
});

test('a collector gets them over OTLP', async () => {
  const received: HttpRequest[] = [];
  const collector = await serve({
    log: silentLog,
    handler: async (request) => {
      received.push(request);
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
    },
  });
  const args = [bundled('./send-trace.ts'), `${collector.url}/`, caller];
  await promisify(execFile)(process.execPath, args);
  await collector.stop();

  expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
  const { body, headers } = received[0]!;
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const [{ resource, scopeSpans }] = JSON.parse(text.toString()).resourceSpans;
  expect(JSON.stringify(resource)).toContain('shelf');
  expect(scopeSpans[0].spans.map(({ name }: { name: string }) => name)).toEqual(['postgres', 'request']);
});
