import { expect, test } from '@jest/globals';
import { createMetrics, createProcessMetrics, renderMetrics } from './metrics.ts';

test('services in one process share a page, told apart by a label', async () => {
  const [shelf, till] = [createMetrics('shelf'), createMetrics('till')];
  shelf.observeRequest(200, 0.004);
  till.observeRequest(500, 0.2);
  till.countError('NOT_FOUND');
  till.observeRoundTrips({ postgres: 2, mongodb: 0, redis: 1 });
  const text = await renderMetrics([shelf.registry, till.registry, createProcessMetrics()]);

  expect(text).toContain('souk_request_duration_seconds_bucket{le="0.005",service="shelf",status="200"} 1');
  expect(text).toContain('souk_request_duration_seconds_count{service="till",status="500"} 1');
  expect(text).toContain('souk_errors_total{code="NOT_FOUND",service="till"} 1');
  expect(text).toContain('souk_store_round_trips_sum{service="till",store="postgres"} 2');
  expect(text).not.toContain('store="mongodb"');
  expect(text).toContain('process_resident_memory_bytes');
});

test('a metric is one family on the page, as Prometheus demands', async () => {
  const [shelf, till] = [createMetrics('shelf'), createMetrics('till')];
  shelf.countError('A');
  till.countError('B');
  const lines = (await renderMetrics([shelf.registry, till.registry])).split('\n');
  const types = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
  expect(new Set(types).size).toBe(types.length);
  const [first, second] = lines.flatMap((line, index) =>
    line.startsWith('souk_errors_total{') ? [index] : [],
  );
  expect(second).toBe(first! + 1);
});
