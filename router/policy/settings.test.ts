import { describe, expect, test } from '@jest/globals';
import { parseSettings } from '@souk/kit/settings/settings';
import { GUARD_SETTINGS, guardFaults, guardOptionsOf } from './settings.ts';

const optionsOf = (env: Record<string, string>) =>
  guardOptionsOf(parseSettings({ shape: GUARD_SETTINGS, env, args: [], flags: {} }));
const HEARD = { ROUTER_REVOCATIONS_CHANNEL: 'c', ROUTER_REVOCATIONS_STREAM: 's' };

describe('what a router does with no settings', () => {
  test('is to limit rates by itself, know nobody and trust no proxy', () => {
    expect(optionsOf({})).toEqual({
      rates: { perAddress: 100, perViewer: 1_000 },
      tokens: undefined,
      revocations: undefined,
      trustedProxies: undefined,
      redisUrl: undefined,
    });
  });
});

test('Rates are off when both are 0, and its own Redis goes before the one of all', () => {
  expect(optionsOf({ ROUTER_RATE_ADDRESS: '0', ROUTER_RATE_VIEWER: '0' }).rates).toBeUndefined();
  expect(optionsOf({ ROUTER_RATE_ADDRESS: '0' }).rates).toEqual({ perAddress: 0, perViewer: 1_000 });
  expect(optionsOf({ REDIS_URL: 'redis://a' }).redisUrl).toBe('redis://a');
  expect(optionsOf({ REDIS_URL: 'redis://a', ROUTER_REDIS_URL: 'redis://b' }).redisUrl).toBe('redis://b');
});

test.each([
  [{}, []],
  [{ ...HEARD, REDIS_URL: 'redis://a' }, []],
  [
    { ROUTER_REVOCATIONS_STREAM: 's' },
    ['ROUTER_REVOCATIONS_CHANNEL and ROUTER_REVOCATIONS_STREAM go together'],
  ],
  [HEARD, ['ROUTER_REVOCATIONS_CHANNEL needs ROUTER_REDIS_URL or REDIS_URL']],
])('Settings that do not go together are told: %j', (env, faults) => {
  expect(guardFaults(env)).toEqual(faults.map((fault) => expect.stringContaining(fault)));
});
