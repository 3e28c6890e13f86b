import { beforeEach, expect, test } from '@jest/globals';
import { type OnClose, openTogether } from './closers.ts';

const closed: string[] = [];
const closing = (name: string) => async () => {
  closed.push(name);
};

beforeEach(() => {
  closed.length = 0;
});

const openTwo = async (onClose: OnClose) => {
  onClose(closing('shelf'));
  onClose(closing('book'));
  return { books: 1 };
};

test('what was opened is closed once, the last thing first', async () => {
  const { books, close } = await openTogether(openTwo);
  expect([books, closed]).toEqual([1, []]);
  await close();
  await close();
  expect(closed).toEqual(['book', 'shelf']);
});

test('one that cannot be closed is told, and keeps no other open', async () => {
  const { close } = await openTogether(async (onClose) => {
    await openTwo(onClose);
    onClose(() => Promise.reject(new Error('did not close')));
    return {};
  });
  await expect(close()).rejects.toThrow('did not close');
  expect(closed).toEqual(['book', 'shelf']);
});

test('when opening fails half-way, what was open is closed, and the first fault is the one to tell', async () => {
  const opening = openTogether(async (onClose) => {
    await openTwo(onClose);
    onClose(() => Promise.reject(new Error('did not close')));
    throw new Error('no lamp');
  });
  await expect(opening).rejects.toThrow('no lamp');
  expect(closed).toEqual(['book', 'shelf']);
});
