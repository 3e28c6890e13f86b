import { expect, jest, test } from '@jest/globals';
import { silentLog } from '@souk/kit/observe/log';
import { createAfterwards } from './afterwards.ts';

const logged = () => ({ ...silentLog, error: jest.fn(), warn: jest.fn(), info: jest.fn(), debug: jest.fn() });

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test('a stop waits for work that runs, and for what that starts', async () => {
  const afterwards = createAfterwards(silentLog);
  const { open, opened } = gate();
  const done: string[] = [];
  afterwards.run(async () => {
    await opened;
    done.push('first');
    afterwards.run(async () => {
      await Promise.resolve();
      done.push('second');
    });
  });
  const finished = afterwards.finish();
  open();
  await finished;
  expect(done).toEqual(['first', 'second']);
});

test('work that fails is logged and harms nobody', async () => {
  const log = logged();
  const afterwards = createAfterwards(log as never);
  afterwards.run(async () => {
    throw new Error('broken');
  });
  await afterwards.finish();
  expect(log.error).toHaveBeenCalledTimes(1);
});

test('what fails is tried again until it works', async () => {
  const log = logged();
  const afterwards = createAfterwards(log as never, [1, 1, 1]);
  const { open, opened } = gate();
  let failures = 2;
  afterwards.runWithRetries('Sending', async () => {
    failures -= 1;
    if (failures >= 0) throw new Error('not yet');
    open();
  });
  await opened;
  await afterwards.finish();
  expect(log.warn).toHaveBeenCalledTimes(2);
  expect(log.error).not.toHaveBeenCalled();
});

test('at a stop, what waits for another try is tried once more, and then given up loudly', async () => {
  const log = logged();
  const afterwards = createAfterwards(log as never, [60_000, 60_000]);
  const { open, opened } = gate();
  let tries = 0;
  afterwards.runWithRetries('Sending', async () => {
    tries += 1;
    open();
    throw new Error('away');
  });
  await opened;
  await afterwards.finish();
  expect(tries).toBeGreaterThanOrEqual(2);
  expect(tries).toBeLessThanOrEqual(3);
  expect(log.error).toHaveBeenCalledTimes(1);
});
