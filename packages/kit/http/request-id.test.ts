import { expect, test } from '@jest/globals';
import { newRequestId, requestIdOf } from './request-id.ts';

test.each(['0123456789abcdef', '01J8Z3ABCDEF', 'b3c5a1d2-1f2e-4a5b-9c8d-7e6f5a4b3c2d'])(
  '%s is kept',
  (id) => {
    expect(requestIdOf(id)).toBe(id);
  },
);

test.each([undefined, '', 'short', 'a'.repeat(65), 'with space 1', 'line\nbreak1', '{"json":1}'])(
  '%j is replaced',
  (id) => {
    expect(requestIdOf(id)).toMatch(/^[0-9a-f]{32}$/);
  },
);

test('no two are the same', () => {
  expect(new Set(Array.from({ length: 1_000 }, newRequestId)).size).toBe(1_000);
});
