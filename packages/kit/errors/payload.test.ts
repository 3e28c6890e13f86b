import { expect, test } from '@jest/globals';
import { payload } from './payload.ts';
import { conflict, ok, refused } from './user-errors.ts';

const shape = (book: { title: string }) => ({ book });
const taken = conflict('TITLE_TAKEN', 'Another book has this title');

test('what was done is shown, without errors', () => {
  expect(payload(ok({ title: 'Lamps' }), shape)).toEqual({ book: { title: 'Lamps' }, userErrors: [] });
});

test('what was refused is told, and nothing is shown', () => {
  expect(payload(refused(taken), shape)).toEqual({ userErrors: [taken] });
});

test('what was refused is shown as it stands when the rule says how', () => {
  const outcome = { ok: false as const, errors: [taken], current: { title: 'Lamps' } };
  expect(payload(outcome, shape)).toEqual({ book: { title: 'Lamps' }, userErrors: [taken] });
});
