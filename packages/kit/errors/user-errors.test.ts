import { expect, test } from '@jest/globals';
import {
  conflict,
  exhausted,
  forbidden,
  invalid,
  notFound,
  ok,
  type Result,
  refused,
} from './user-errors.ts';

type ShelfCode = 'TITLE_EMPTY' | 'SHELF_FULL';

function rename(title: string): Result<string, ShelfCode> {
  if (title === '') return refused(invalid('TITLE_EMPTY', 'Give it a title.', 'input.title'));
  return ok(title);
}

test('a domain function answers with a value or with refusals', () => {
  expect(rename('Atlas')).toEqual({ ok: true, value: 'Atlas' });
  expect(rename('')).toEqual({
    ok: false,
    errors: [
      { kind: 'INVALID', code: 'TITLE_EMPTY', message: 'Give it a title.', field: ['input', 'title'] },
    ],
  });
});

test('each kind has its maker', () => {
  const kinds = [invalid, notFound, conflict, forbidden, exhausted].map((make) => make('CODE', 'words').kind);
  expect(kinds).toEqual(['INVALID', 'NOT_FOUND', 'CONFLICT', 'FORBIDDEN', 'EXHAUSTED']);
});

test('a path is given as text, as steps, or not at all', () => {
  expect(invalid('C', 'm', 'lines.0.quantity').field).toEqual(['lines', '0', 'quantity']);
  expect(invalid('C', 'm', ['lines', 0, 'quantity']).field).toEqual(['lines', '0', 'quantity']);
  expect(invalid('C', 'm').field).toBeNull();
});
