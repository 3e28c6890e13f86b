import { expect, test } from '@jest/globals';
import { tellEach } from './tell-each.ts';

/** Numbers as they are handed out; remembers whether it was ended. */
function numbers(...given: number[]) {
  const events: AsyncIterableIterator<number> & { isEnded: boolean } = {
    isEnded: false,
    next: () =>
      given.length > 0
        ? Promise.resolve({ done: false as const, value: given.shift()! })
        : new Promise<IteratorResult<number>>(() => {}),
    return: async () => {
      events.isEnded = true;
      return { done: true as const, value: undefined };
    },
    [Symbol.asyncIterator]: () => events,
  };
  return events;
}

test('Events are told in order, and those passed over that nothing is to be said of', async () => {
  const told = tellEach(numbers(1, 2, 3, 4), async (number) => (number % 2 ? undefined : `number ${number}`));
  expect(await told.next()).toEqual({ done: false, value: 'number 2' });
  expect(await told.next()).toEqual({ done: false, value: 'number 4' });
});

test('They end at once, also while the next one is waited for', async () => {
  const events = numbers();
  const told = tellEach(events, async (number) => number);
  void told.next();
  expect(await told.return!()).toEqual({ done: true, value: undefined });
  expect(events.isEnded).toBe(true);
});

test('One whose store is away waits in its place until that is back', async () => {
  let tries = 0;
  const told = tellEach(numbers(1, 2), async (number) => {
    tries += 1;
    if (tries < 3) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    return number;
  });
  expect(await told.next()).toEqual({ done: false, value: 1 });
  expect(await told.next()).toEqual({ done: false, value: 2 });
  expect(tries).toBe(4);
});

test('They end where one cannot be told', async () => {
  const events = numbers(1);
  const told = tellEach(events, async () => {
    throw new Error('a fault of ours');
  });
  await expect(told.next()).rejects.toThrow('a fault of ours');
  expect(events.isEnded).toBe(true);
});
