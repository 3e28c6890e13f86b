import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Job, JobResult, SessionTimeouts, TransactionState } from './channel.ts';
import type { EngineThread } from './engine-thread.ts';
import { CANCEL_GRACE, IDLE_TRANSACTION_LIMIT } from './limits.ts';
import { type Client, createScheduler } from './scheduler.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Notes what it is given to run; the test answers. */
function fakeEngine() {
  const batches: Job[][] = [];
  const fed: string[] = [];
  const cancelled: number[] = [];
  const withdrawable = new Set<number>();
  const engine = {
    run: (jobs: Job[]) => batches.push(jobs),
    feed: (bytes: Uint8Array) => fed.push(Buffer.from(bytes).toString()),
    withdraw: (slot: number) => withdrawable.delete(slot),
    cancel: (slot: number) => cancelled.push(slot),
  } as unknown as EngineThread;
  return { engine, batches, fed, cancelled, withdrawable };
}

interface FakeClient extends Client {
  work: string[];
  events: string[];
  data: string[];
  timeouts: SessionTimeouts;
}

function fakeClient(id: number, ...work: string[]): FakeClient {
  const events: string[] = [];
  const data: string[] = [];
  let taken: string | undefined;
  return {
    id,
    work,
    events,
    data,
    timeouts: { statement: 0, lock: 0, idleInTransaction: 0 },
    hasTask: () => work.length > 0,
    takeTask() {
      taken = work.shift();
      return { kind: 'messages', bytes: Buffer.from(taken ?? '') };
    },
    returnTask() {
      if (taken) work.unshift(taken);
    },
    refuseStatement(reason) {
      events.push(`refused ${work.shift()}: ${reason}`);
    },
    onOutput: (bytes) => {
      events.push(`part ${Buffer.from(bytes)}`);
    },
    onLanded: () => {},
    onResult(_, cancelled) {
      events.push(`answered ${taken}${cancelled ? ` (${cancelled})` : ''}`);
    },
    copyInput: () => (data.length ? Buffer.from(data.shift() as string) : undefined),
    endIdleTransaction: () => {
      events.push('ended');
    },
  };
}

function setUp() {
  const fake = fakeEngine();
  let unstoppable = 0;
  const scheduler = createScheduler(() => {
    unstoppable += 1;
  });
  scheduler.setEngine(fake.engine);
  const result = (slot: number, state: TransactionState = 'idle'): JobResult => ({
    session: 0,
    slot,
    output: new Uint8Array(0),
    state,
  });
  const ran = () => fake.batches.map((jobs) => jobs.map(({ session }) => session));
  return { ...fake, scheduler, result, ran, unstoppable: () => unstoppable };
}

describe('the line', () => {
  test('those that wait travel together, in order, when the engine is free', () => {
    const { scheduler, result, ran } = setUp();
    const clients = [1, 2, 3].map((id) => fakeClient(id, `q${id}`));
    for (const client of clients) scheduler.wake(client);
    expect(ran()).toEqual([[1]]);
    scheduler.onResult(result(0), true);
    expect(ran()).toEqual([[1], [2, 3]]);
    scheduler.onResult(result(0), false);
    scheduler.onResult(result(1), true);
    expect(clients.map(({ events }) => events)).toEqual([['answered q1'], ['answered q2'], ['answered q3']]);
  });

  test('nobody overtakes: a client with more to do goes behind the others', () => {
    const { scheduler, result, ran } = setUp();
    scheduler.wake(fakeClient(1, 'a', 'b'));
    scheduler.wake(fakeClient(2, 'c'));
    scheduler.onResult(result(0), true);
    expect(ran()).toEqual([[1], [2, 1]]);
  });

  test('a transaction keeps the engine; those behind it are not run until it ends, in their order', () => {
    const { scheduler, result, ran } = setUp();
    const first = fakeClient(0, 'x');
    const [one, two, three] = [fakeClient(1, 'begin'), fakeClient(2, 'q'), fakeClient(3, 'r')];
    for (const client of [first, one, two]) scheduler.wake(client);
    scheduler.onResult(result(0), true);
    expect(ran()).toEqual([[0], [1, 2]]);
    scheduler.wake(three);
    scheduler.onResult(result(0, 'transaction'), true);
    expect(ran()).toEqual([[0], [1, 2]]);
    one.work.push('commit');
    scheduler.wake(one);
    expect(ran()).toEqual([[0], [1, 2], [1]]);
    scheduler.onResult(result(0), true);
    expect(ran()).toEqual([[0], [1, 2], [1], [2, 3]]);
  });

  test('without an engine all wait for the next one; with a new one nothing of the old one counts', async () => {
    const { scheduler, engine, ran } = setUp();
    const client = fakeClient(1, 'lost');
    scheduler.wake(client);
    const drained = scheduler.drained();
    scheduler.setEngine(undefined);
    await drained;
    await scheduler.drained();
    const next = fakeClient(2, 'q');
    scheduler.wake(next);
    expect(ran()).toEqual([[1]]);
    scheduler.setEngine(engine);
    expect(ran()).toEqual([[1], [2]]);
  });
});

describe('timeouts', () => {
  test('one that waits too long for the engine is refused, and goes on with its next statement', () => {
    const { scheduler, result, ran } = setUp();
    const [holder, waiting, patient] = [
      fakeClient(1, 'begin'),
      fakeClient(2, 'slow', 'next'),
      fakeClient(3, 'q'),
    ];
    waiting.timeouts = { statement: 100, lock: 50, idleInTransaction: 0 };
    patient.timeouts = { statement: 200, lock: 0, idleInTransaction: 0 };
    for (const client of [holder, waiting, patient]) scheduler.wake(client);
    scheduler.onResult(result(0, 'transaction'), true);
    jest.advanceTimersByTime(50);
    expect(waiting.events).toEqual(['refused slow: lock_timeout']);
    jest.advanceTimersByTime(150);
    expect(patient.events).toEqual(['refused q: statement_timeout']);
    expect(ran()).toEqual([[1]]);
  });

  test('one that runs too long is asked to stop; if it does not, the engine has to', () => {
    const { scheduler, cancelled, unstoppable, result } = setUp();
    const client = fakeClient(1, 'endless');
    client.timeouts = { statement: 100, lock: 0, idleInTransaction: 0 };
    scheduler.wake(client);
    jest.advanceTimersByTime(100);
    expect(cancelled).toEqual([0]);
    expect(unstoppable()).toBe(0);
    jest.advanceTimersByTime(CANCEL_GRACE);
    expect(unstoppable()).toBe(1);
    scheduler.onResult(result(0), true);
    expect(client.events).toEqual(['answered endless (statement_timeout)']);
  });

  test('a cancel request withdraws what travels but does not run yet, and overlooks the idle', () => {
    const { scheduler, withdrawable, result } = setUp();
    const [one, two, three] = [fakeClient(1, 'a'), fakeClient(2, 'b'), fakeClient(3, 'c')];
    for (const client of [one, two, three]) scheduler.wake(client);
    scheduler.onResult(result(0), true);
    withdrawable.add(1);
    scheduler.cancel(three, 'user');
    scheduler.cancel(one, 'user');
    expect(three.events).toEqual(['refused c: user']);
    scheduler.onResult(result(0), true);
    expect(two.events).toEqual(['answered b']);
    expect(one.events).toEqual(['answered a']);
  });
});

describe('an idle transaction', () => {
  test('is left alone while nobody waits, and ended once somebody does', () => {
    const { scheduler, result } = setUp();
    const holder = fakeClient(1, 'begin');
    scheduler.wake(holder);
    scheduler.onResult(result(0, 'transaction'), true);
    jest.advanceTimersByTime(IDLE_TRANSACTION_LIMIT * 3);
    expect(holder.events).toEqual(['answered begin']);
    scheduler.wake(fakeClient(2, 'q'));
    expect(holder.events).toEqual(['answered begin', 'ended']);
  });

  test('is ended after the limit when somebody waits already', () => {
    const { scheduler, result } = setUp();
    const holder = fakeClient(1, 'begin');
    scheduler.wake(holder);
    scheduler.onResult(result(0, 'transaction'), true);
    scheduler.wake(fakeClient(2, 'q'));
    jest.advanceTimersByTime(IDLE_TRANSACTION_LIMIT - 1);
    expect(holder.events).not.toContain('ended');
    jest.advanceTimersByTime(1);
    expect(holder.events).toContain('ended');
  });

  test.each([
    ['before', 1_000],
    ['after', IDLE_TRANSACTION_LIMIT + 5_000],
  ])('is ended after a limit of its own, %s ours, whether anybody waits or not', (_, limit) => {
    const { scheduler, result } = setUp();
    const holder = fakeClient(1, 'begin');
    holder.timeouts = { statement: 0, lock: 0, idleInTransaction: limit };
    scheduler.wake(holder);
    scheduler.onResult(result(0, 'transaction'), true);
    jest.advanceTimersByTime(limit - 1);
    expect(holder.events).not.toContain('ended');
    jest.advanceTimersByTime(1);
    expect(holder.events).toContain('ended');
  });

  test('that goes on in time is left alone', () => {
    const { scheduler, result } = setUp();
    const holder = fakeClient(1, 'begin');
    scheduler.wake(holder);
    scheduler.onResult(result(0, 'transaction'), true);
    for (let i = 0; i < 5; i++) {
      jest.advanceTimersByTime(IDLE_TRANSACTION_LIMIT - 1);
      holder.work.push('more');
      scheduler.wake(holder);
      scheduler.onResult(result(0, 'transaction'), true);
    }
    expect(holder.events).not.toContain('ended');
  });
});

describe('a COPY', () => {
  test('gets its data as it comes, and counts as idle while none does', () => {
    const { scheduler, fed } = setUp();
    const client = fakeClient(1, 'copy');
    scheduler.wake(client);
    scheduler.onOutput(1, Buffer.from('G'), () => {});
    scheduler.onNeedsInput(1);
    client.data.push('some');
    scheduler.wake(client);
    client.data.push('more');
    scheduler.onNeedsInput(1);
    expect(fed).toEqual(['some', 'more']);
    scheduler.onNeedsInput(1);
    scheduler.wake(fakeClient(2, 'q'));
    jest.advanceTimersByTime(IDLE_TRANSACTION_LIMIT);
    expect(client.events).toEqual(['part G', 'ended']);
  });

  test('of a client that is not there any more is told to nobody', () => {
    const { scheduler } = setUp();
    let sent = 0;
    scheduler.onOutput(9, Buffer.from('x'), () => {
      sent += 1;
    });
    scheduler.onNeedsInput(9);
    expect(sent).toBe(1);
  });
});
