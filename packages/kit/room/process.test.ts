import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { SettingsError } from '../settings/settings.ts';
import { type ProcessEdge, runProcess } from './process.ts';

const signals = new Map<string, () => void>();
const written: string[] = [];
const exits: number[] = [];
const edge = {
  env: {} as Record<string, string>,
  pid: 20,
  ppid: 10,
  kill: (pid: number, signal: 'SIGTERM') => pid === 20 && signals.get(signal)?.(),
  on: (event: string, listener: () => void) => signals.set(event, listener),
  exit: (code: number) => exits.push(code),
  stderr: { write: (text: string) => written.push(text) },
} satisfies ProcessEdge;

beforeEach(() => {
  signals.clear();
  written.length = 0;
  exits.length = 0;
  Object.assign(edge, { env: {}, ppid: 10 });
});

/** Lets what a signal started come to its end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a process', () => {
  test('that cannot start says so once and ends with 1', async () => {
    await runProcess(edge, 'shelf', () => Promise.reject(new Error('port 4000 is taken')));
    expect(written).toEqual(['shelf could not start: port 4000 is taken\n']);
    expect(exits).toEqual([1]);
  });

  test('with wrong settings lists them', async () => {
    await runProcess(edge, 'shelf', () => Promise.reject(new SettingsError('PORT is bad\nHOST is bad')));
    expect(written).toEqual([
      'shelf could not start; these settings are wrong:\n  PORT is bad\n  HOST is bad\n',
    ]);
  });

  test.each(['SIGTERM', 'SIGINT'])('stops gracefully on %s and ends with 0', async (signal) => {
    const stop = jest.fn(async () => {});
    await runProcess(edge, 'shelf', async () => ({ stop }));
    signals.get(signal)?.();
    await settle();
    expect(stop).toHaveBeenCalledTimes(1);
    expect(exits).toEqual([0]);
  });

  test('that is told to stop while it starts ends at once', async () => {
    void runProcess(edge, 'shelf', () => new Promise(() => {}));
    signals.get('SIGINT')?.();
    await settle();
    expect(exits).toEqual([1]);
  });

  test('ends at once when it is told twice', async () => {
    await runProcess(edge, 'shelf', async () => ({ stop: () => new Promise(() => {}) }));
    signals.get('SIGINT')?.();
    signals.get('SIGINT')?.();
    await settle();
    expect(exits).toEqual([1]);
  });

  test('says when its stop failed', async () => {
    await runProcess(edge, 'shelf', async () => ({ stop: () => Promise.reject(new Error('disk full')) }));
    signals.get('SIGTERM')?.();
    await settle();
    expect(written).toEqual(['shelf stopped, but: disk full\n']);
    expect(exits).toEqual([1]);
  });

  test.each([
    [
      'under npm, stops gracefully when the shell between the two has died',
      { npm_lifecycle_event: 'start' },
      1,
    ],
    ['without npm, outlives whoever started it', {}, 0],
  ])('%s', async (_, env, stops) => {
    jest.useFakeTimers();
    try {
      const stop = jest.fn(async () => {});
      edge.env = env;
      await runProcess(edge, 'shelf', async () => ({ stop }));
      await jest.advanceTimersByTimeAsync(1_000);
      expect(stop).toHaveBeenCalledTimes(0);
      edge.ppid = 1;
      await jest.advanceTimersByTimeAsync(1_000);
      expect(stop).toHaveBeenCalledTimes(stops);
      expect(exits).toEqual(stops ? [0] : []);
    } finally {
      jest.useRealTimers();
    }
  });

  test('does not wait for ever to stop', async () => {
    jest.useFakeTimers();
    try {
      await runProcess(edge, 'shelf', async () => ({ stop: () => new Promise(() => {}) }));
      signals.get('SIGTERM')?.();
      await jest.advanceTimersByTimeAsync(25_000);
      expect(exits).toEqual([1]);
    } finally {
      jest.useRealTimers();
    }
  });
});
