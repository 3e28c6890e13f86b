/**
 * Attacks on the router through a real socket: OWASP's page on GraphQL, forged tokens, ways round the rules, smuggled
 * requests. After each of them the router must still serve, and none may have got what it came for.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RouterOptions } from '../../create.ts';
import { addresses, behindProxy, RATES } from './addresses.ts';
import { forget, stillServes } from './checks.ts';
import { crossSite } from './cross-site.ts';
import { type Attack, type Door, openDoor } from './door.ts';
import { floods } from './floods.ts';
import { introspectionOff, introspectionOn } from './introspection.ts';
import { smuggling } from './smuggling.ts';
import { CHANNEL, tokens } from './tokens.ts';
import { values } from './values.ts';
import { waysRound } from './ways-round.ts';

const REDIS = process.env.REDIS_URL;
const revoking: Partial<RouterOptions> =
  REDIS === undefined
    ? {}
    : { redisUrl: REDIS, revocations: { channel: CHANNEL, stream: `${CHANNEL}:recent` } };

/** All on one router, each after the other. */
const onOneDoor: readonly (readonly [string, readonly Attack[], Partial<RouterOptions>])[] = [
  ['a token:', tokens, revoking],
  ['a way round the rules by', waysRound, {}],
  ['a flood of', floods, {}],
  ['the schema, closed:', introspectionOff, { introspection: false }],
  ['the schema, open:', introspectionOn, {}],
  ['another site:', crossSite, {}],
  ['smuggling by', smuggling, {}],
  ['values:', values, {}],
];

describe.each(onOneDoor)('%s', (_, attacks, options) => {
  let door: Door;
  beforeAll(async () => {
    door = await openDoor(options);
  });
  afterAll(() => door.close());
  beforeEach(() => forget(door));
  afterEach(() => stillServes(door));

  test.each(attacks)('%s', async (_name, run) => {
    await run(door);
  });
});

/** Each needs an allowance of its own. */
describe.each([
  ['too many requests:', addresses, { rates: RATES }],
  ['too many requests behind a proxy:', behindProxy, { rates: RATES, trustedProxies: ['127.0.0.1'] }],
] as const)('%s', (_, attacks, options) => {
  test.each(attacks)('%s', async (_name, run) => {
    const door = await openDoor(options);
    try {
      await run(door);
    } finally {
      await door.close();
    }
  });
});

test('The suite is as large as it says', () => {
  const all = [...onOneDoor.flatMap(([, attacks]) => attacks), ...addresses, ...behindProxy];
  expect(all.length).toBeGreaterThanOrEqual(200);
});
