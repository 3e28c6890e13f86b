import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createQueue } from './queue.ts';

const here = () => false;
const gone = () => true;

afterEach(() => {
  jest.useRealTimers();
});

describe('a queue', () => {
  test('lets in as many as may run, then as many wait in order, and sends the others away', async () => {
    const queue = createQueue({ maxRunning: 1, maxWaiting: 2, maxWaitMs: 10_000 });
    expect(queue.enter(here)).toBe(true);
    const order: string[] = [];
    const first = Promise.resolve(queue.enter(here)).then(() => order.push('first'));
    const second = Promise.resolve(queue.enter(here)).then(() => order.push('second'));
    expect(queue.enter(here)).toBe(false);
    expect(queue.size()).toEqual({ running: 1, waiting: 2 });
    queue.leave();
    await first;
    queue.leave();
    await second;
    queue.leave();
    expect(order).toEqual(['first', 'second']);
    expect(queue.size()).toEqual({ running: 0, waiting: 0 });
  });

  test('passes over those who have gone', async () => {
    const queue = createQueue({ maxRunning: 1, maxWaiting: 2, maxWaitMs: 10_000 });
    queue.enter(here);
    const [left, stays] = [queue.enter(gone), queue.enter(here)];
    queue.leave();
    expect(await left).toBe(false);
    expect(await stays).toBe(true);
    queue.leave();
    expect(queue.size()).toEqual({ running: 0, waiting: 0 });
  });

  test('sends those away who have waited too long', async () => {
    jest.useFakeTimers();
    const queue = createQueue({ maxRunning: 1, maxWaiting: 9, maxWaitMs: 1_000 });
    queue.enter(here);
    const early = queue.enter(here);
    jest.advanceTimersByTime(600);
    const late = queue.enter(here);
    jest.advanceTimersByTime(600);
    expect(await early).toBe(false);
    expect(queue.size()).toEqual({ running: 1, waiting: 1 });
    queue.leave();
    expect(await late).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('never runs or holds more than it may, and loses nobody', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 100 }), async (steps) => {
        const queue = createQueue({ maxRunning: 3, maxWaiting: 4, maxWaitMs: 60_000 });
        let [running, inside, asked, told] = [0, 0, 0, 0];
        const settle = (admitted: boolean) => {
          told++;
          if (admitted) inside++;
        };
        for (const comes of steps) {
          if (comes) {
            asked++;
            const admitted = queue.enter(here);
            if (typeof admitted === 'boolean') settle(admitted);
            else void admitted.then(settle);
          } else if (inside > 0) {
            inside--;
            queue.leave();
          }
          await null;
          running = queue.size().running;
          expect(running).toBe(inside);
          expect(running).toBeLessThanOrEqual(3);
          expect(queue.size().waiting).toBeLessThanOrEqual(4);
        }
        while (inside > 0) {
          inside--;
          queue.leave();
          await null;
        }
        expect(told).toBe(asked);
        expect(queue.size()).toEqual({ running: 0, waiting: 0 });
      }),
    );
  });
});
