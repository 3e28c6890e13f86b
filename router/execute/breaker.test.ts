import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BreakerOptions, type CircuitState, createBreaker, type Settle } from './breaker.ts';

function start(options: Partial<BreakerOptions> = {}) {
  let time = 1_000;
  const states: CircuitState[] = [];
  const breaker = createBreaker(
    { openAtPercent: 50, minRequests: 4, openMs: 1_000, ...options },
    (state) => states.push(state),
    () => time,
  );
  const ask = (result: 'good' | 'bad' | 'unknown', times = 1) => {
    for (let index = 0; index < times; index++) breaker.enter()!(result);
  };
  const pass = (ms: number) => {
    time += ms;
  };
  return { breaker, states, ask, pass };
}

describe('a circuit', () => {
  test('opens when half of what was asked failed, and not before enough was asked', () => {
    const { breaker, states, ask } = start();
    ask('bad', 3);
    expect(breaker.enter()).toBeDefined();
    ask('bad');
    expect(breaker.enter()).toBeUndefined();
    expect(states).toEqual(['open']);
  });

  test('stays closed while most is well', () => {
    const { breaker, ask } = start();
    ask('good', 6);
    ask('bad', 5);
    expect(breaker.enter()).toBeDefined();
    ask('bad');
    expect(breaker.enter()).toBeUndefined();
  });

  test('forgets what was long ago', () => {
    const { breaker, ask, pass } = start();
    ask('bad', 3);
    pass(10_000);
    ask('bad', 3);
    expect(breaker.enter()).toBeDefined();
  });

  test('lets one request try after its time, and closes when that is well', () => {
    const { breaker, states, ask, pass } = start();
    ask('bad', 4);
    pass(999);
    expect(breaker.enter()).toBeUndefined();
    pass(1);
    const probe = breaker.enter()!;
    expect(breaker.enter()).toBeUndefined();
    probe('good');
    expect(states).toEqual(['open', 'half-open', 'closed']);
    // What failed before does not count against it any more.
    ask('bad', 3);
    expect(breaker.enter()).toBeDefined();
  });

  test('opens for as long again when the try fails', () => {
    const { breaker, ask, pass } = start();
    ask('bad', 4);
    pass(1_000);
    breaker.enter()!('bad');
    pass(999);
    expect(breaker.enter()).toBeUndefined();
    pass(1);
    expect(breaker.enter()).toBeDefined();
  });

  test('lets another one try when nobody waited for the first', () => {
    const { breaker, ask, pass } = start();
    ask('bad', 4);
    pass(1_000);
    breaker.enter()!('unknown');
    expect(breaker.enter()).toBeDefined();
  });

  test('is not opened or closed by requests that began before it opened', () => {
    const { breaker, states, ask, pass } = start();
    const early = breaker.enter()!;
    ask('bad', 4);
    early('good');
    pass(1_000);
    const probe = breaker.enter()!;
    early('bad');
    probe('good');
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  test('never opens at 0 percent', () => {
    const { breaker, states, ask } = start({ openAtPercent: 0 });
    ask('bad', 100);
    expect(breaker.enter()).toBeDefined();
    expect(states).toEqual([]);
  });

  test('lets another one try when the first never comes back, and does not hear of it any more', () => {
    const { breaker, states, ask, pass } = start();
    ask('bad', 4);
    pass(1_000);
    const lost = breaker.enter()!;
    pass(999);
    expect(breaker.enter()).toBeUndefined();
    pass(1);
    breaker.enter()!('good');
    lost('bad');
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  test('lets one request try at a time, whatever happens', () => {
    const step = fc.record({
      does: fc.constantFrom('enter', 'settle', 'wait'),
      result: fc.constantFrom('good' as const, 'bad' as const),
      ms: fc.integer({ min: 1, max: 900 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { breaker, states, pass } = start();
        const running: Settle[] = [];
        const tried: number[] = [];
        let time = 0;
        for (const { does, result, ms } of steps) {
          if (does === 'wait') {
            pass(ms);
            time += ms;
          }
          if (does === 'settle') running.shift()?.(result);
          const settle = does === 'enter' ? breaker.enter() : undefined;
          if (!settle) continue;
          running.push(settle);
          if (states.at(-1) === 'half-open') tried.push(time);
          else tried.length = 0;
        }
        for (let index = 1; index < tried.length; index++) {
          expect(tried[index]! - tried[index - 1]!).toBeGreaterThanOrEqual(1_000);
        }
      }),
    );
  });
});
