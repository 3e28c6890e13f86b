/** Somebody who has asked too often, and says that they are somebody else. */
import { expect } from '@jest/globals';
import { type Attack, type Door, lines, statusesOf } from './door.ts';

const BODY = '{"query":"{ me { name } }"}';
const PER_MINUTE = 3;
export const RATES = { perAddress: PER_MINUTE, perViewer: PER_MINUTE };

const ask = (door: Door, headers: Record<string, string> = {}) => door.send({ headers, body: BODY });

async function useUp(door: Door, headers: Record<string, string> = {}): Promise<void> {
  for (let index = 0; index < PER_MINUTE; index++) await ask(door, headers);
  expect((await ask(door, headers)).status).toBe(429);
}

/** Against a router that trusts nobody. All of it comes from one address. */
export const addresses: readonly Attack[] = [
  [
    'a request too many',
    async (door) => {
      await useUp(door);
      const told = await ask(door);
      expect(told.errors[0]!.extensions.code).toBe('RATE_LIMITED');
      expect(Number(told.headers['retry-after'])).toBeGreaterThan(0);
      expect(told.headers['ratelimit-remaining']).toBe('0');
    },
  ],
  ...[
    'x-forwarded-for',
    'forwarded',
    'x-real-ip',
    'x-client-ip',
    'true-client-ip',
    'cf-connecting-ip',
    'x-originating-ip',
  ].map(
    (name): Attack => [
      `another address in ${name}`,
      async (door) => {
        await useUp(door);
        for (let index = 0; index < 5; index++) {
          expect(
            (await ask(door, { [name]: name === 'forwarded' ? `for=9.9.9.${index}` : `9.9.9.${index}` }))
              .status,
          ).toBe(429);
        }
      },
    ],
  ),
  [
    'another connection, another path of the query, another guest token',
    async (door) => {
      await useUp(door);
      expect((await ask(door, { 'souk-guest': 'gst_other', 'user-agent': 'another' })).status).toBe(429);
      expect((await door.send({ method: 'GET', path: '/graphql?query=%7B__typename%7D' })).status).toBe(429);
    },
  ],
  [
    'a token that is none, one after the other',
    async (door) => {
      for (let index = 0; index < PER_MINUTE; index++)
        await ask(door, { authorization: `Bearer a.b.${index}` });
      expect((await ask(door, { authorization: 'Bearer a.b.c' })).status).toBe(429);
    },
  ],
];

/** Against a router behind a proxy of ours, which is where all of it comes from. */
export const behindProxy: readonly Attack[] = [
  [
    'addresses to the left of what the proxy has written',
    async (door) => {
      let statuses: number[] = [];
      for (let index = 0; index <= PER_MINUTE; index++) {
        statuses = [
          ...statuses,
          (await ask(door, { 'x-forwarded-for': `9.9.9.${index}, 127.0.0.1, 7.7.7.7` })).status,
        ];
      }
      expect(statuses.at(-1)).toBe(429);
      expect((await ask(door, { 'x-forwarded-for': '8.8.8.8' })).status).toBe(200);
    },
  ],
  [
    'a second header with addresses',
    async (door) => {
      const request = (claimed: string) =>
        lines(
          'POST /graphql HTTP/1.1',
          'host: a',
          'content-type: application/json',
          'connection: close',
          `x-forwarded-for: ${claimed}`,
          'x-forwarded-for: 6.6.6.6',
          `content-length: ${BODY.length}`,
        ) + BODY;
      const statuses: number[] = [];
      for (let index = 0; index <= PER_MINUTE; index++)
        statuses.push(...statusesOf(await door.raw(request(`9.9.9.${index}`))));
      expect(statuses.at(-1)).toBe(429);
    },
  ],
  [
    'addresses that are none',
    async (door) => {
      const statuses: number[] = [];
      for (const claimed of ["1' OR 1=1", '::ffff:', '999.1.1.1', '1.1.1.1.1', 'localhost', '[::1', '']) {
        statuses.push((await ask(door, { 'x-forwarded-for': claimed })).status);
      }
      expect(statuses.slice(PER_MINUTE)).toEqual(statuses.slice(PER_MINUTE).map(() => 429));
    },
  ],
  [
    'one address of a network after the other',
    async (door) => {
      const statuses: number[] = [];
      for (let index = 0; index <= PER_MINUTE; index++)
        statuses.push((await ask(door, { 'x-forwarded-for': `2001:db8:5:6::${index}` })).status);
      expect(statuses.at(-1)).toBe(429);
    },
  ],
];
