import { expect, test } from '@jest/globals';
import { newScope, runInScope } from './request-scope.ts';
import { beginRoundTrip, formatRoundTrips, parseRoundTrips } from './round-trips.ts';
import { noTraces } from './traces.ts';

test('requests at the same time count for themselves', async () => {
  const scopes = ['a-request', 'b-request'].map((id) => newScope(id));
  await Promise.all(
    scopes.map((scope, index) =>
      runInScope(scope, async () => {
        for (let i = 0; i <= index; i++) {
          await Promise.resolve();
          beginRoundTrip('mongodb', 'find', noTraces);
        }
      }),
    ),
  );
  expect(scopes.map(({ roundTrips }) => roundTrips.mongodb)).toEqual([1, 2]);
});

test('outside of a request nothing is counted', () => {
  expect(beginRoundTrip('redis', 'get', noTraces)).toBeUndefined();
});

test('the header is read back as it was written', () => {
  const counts = { postgres: 3, mongodb: 0, redis: 12 };
  expect(formatRoundTrips(counts)).toBe('postgres=3, mongodb=0, redis=12');
  expect(parseRoundTrips(formatRoundTrips(counts))).toEqual(counts);
  expect(parseRoundTrips('')).toEqual({ postgres: 0, mongodb: 0, redis: 0 });
});
