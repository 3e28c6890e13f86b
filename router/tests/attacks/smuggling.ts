/** Bytes that two servers in a row could read differently. Written by hand: no client library would send them. */
import { expect } from '@jest/globals';
import { askedOf } from '../toy/library.ts';
import { type Attack, type Door, lines, statusesOf } from './door.ts';

const GOOD = '{"query":"{ me { name } }"}';
/** What must never be run: it is inside the body of another request. */
const HIDDEN_BODY = '{"query":"{ people { name } }"}';
const HIDDEN = `${lines('POST /graphql HTTP/1.1', 'host: a', 'content-type: application/json', `content-length: ${HIDDEN_BODY.length}`)}${HIDDEN_BODY}`;
const START = ['POST /graphql HTTP/1.1', 'host: a', 'content-type: application/json'];

/** Refused with one answer, after which the connection is of no more use. */
const refusedRaw = (name: string, bytes: string | Buffer, statuses: readonly number[] = [400]): Attack => [
  name,
  async (door) => {
    const heard = await door.raw(bytes);
    expect(statuses).toContain(statusesOf(heard)[0]);
    expect(statusesOf(heard)).toHaveLength(1);
    expect(heard).not.toMatch(/node_modules|HPE_|at .*\.js/);
    nothingHidden(door);
  },
];

function nothingHidden({ toy }: Door): void {
  expect(askedOf(toy.library)).not.toContain('people');
}

const lengths: readonly Attack[] = [
  refusedRaw(
    'a length and chunks',
    `${lines(...START, 'content-length: 4', 'transfer-encoding: chunked')}0\r\n\r\n${HIDDEN}`,
  ),
  refusedRaw(
    'chunks and a length',
    `${lines(...START, 'transfer-encoding: chunked', 'content-length: 200')}0\r\n\r\n${HIDDEN}`,
  ),
  refusedRaw(
    'two lengths that differ',
    `${lines(...START, `content-length: ${GOOD.length}`, 'content-length: 0')}${GOOD}${HIDDEN}`,
  ),
  refusedRaw(
    'two lengths that are the same',
    `${lines(...START, `content-length: ${GOOD.length}`, `content-length: ${GOOD.length}`)}${GOOD}`,
  ),
  refusedRaw('two lengths in one', `${lines(...START, `content-length: ${GOOD.length}, 0`)}${GOOD}${HIDDEN}`),
  refusedRaw('a length below zero', `${lines(...START, 'content-length: -1')}${HIDDEN}`),
  refusedRaw('a length with a sign', `${lines(...START, `content-length: +${GOOD.length}`)}${GOOD}`),
  refusedRaw('a length in hex', `${lines(...START, 'content-length: 0x1b')}${GOOD}`),
  refusedRaw('a length beyond all numbers', `${lines(...START, `content-length: ${'9'.repeat(40)}`)}${GOOD}`),
  refusedRaw(
    'a transfer encoding that looks like chunks',
    `${lines(...START, 'transfer-encoding: xchunked')}0\r\n\r\n${HIDDEN}`,
  ),
  refusedRaw(
    'chunks that are not the last encoding',
    `${lines(...START, 'transfer-encoding: chunked, identity')}0\r\n\r\n${HIDDEN}`,
  ),
  refusedRaw(
    'two transfer encodings',
    `${lines(...START, 'transfer-encoding: chunked', 'transfer-encoding: identity')}0\r\n\r\n${HIDDEN}`,
  ),
  refusedRaw(
    'a chunk that is longer than it says',
    `${lines(...START, 'transfer-encoding: chunked')}2\r\n${GOOD}\r\n0\r\n\r\n`,
  ),
  refusedRaw(
    'a chunk size beyond all numbers',
    `${lines(...START, 'transfer-encoding: chunked')}${'f'.repeat(40)}\r\n${GOOD}\r\n0\r\n\r\n`,
  ),
  refusedRaw(
    'a chunk size with a sign',
    `${lines(...START, 'transfer-encoding: chunked')}-1\r\n${GOOD}\r\n0\r\n\r\n`,
  ),
];

const heads: readonly Attack[] = [
  refusedRaw('a space before the colon', `${lines(...START, `content-length : ${GOOD.length}`)}${GOOD}`),
  refusedRaw(
    'a space before a header',
    `${lines('POST /graphql HTTP/1.1', ' host: a', 'content-type: application/json')}`,
  ),
  refusedRaw(
    'a header that goes on in the next line',
    `${lines(...START, 'x-a: b', ' transfer-encoding: chunked')}0\r\n\r\n${HIDDEN}`,
  ),
  refusedRaw(
    'lines that end in LF alone',
    `POST /graphql HTTP/1.1\nhost: a\ncontent-length: ${GOOD.length}\n\n${GOOD}`,
  ),
  refusedRaw('a CR alone in a header', lines(...START, 'x-a: b\rtransfer-encoding: chunked')),
  refusedRaw('a zero byte in a header', lines(...START, 'x-a: b\0c')),
  refusedRaw('a zero byte in a name', lines(...START, 'x-\0a: b')),
  refusedRaw('no host', lines('GET /graphql?query={__typename} HTTP/1.1', 'connection: close')),
  refusedRaw(
    'two hosts',
    lines('GET /graphql?query=%7B__typename%7D HTTP/1.1', 'host: a', 'host: b', 'connection: close'),
    [200, 400],
  ),
  refusedRaw('headers of 20 KB', lines(...START, `x-a: ${'b'.repeat(20_000)}`), [431]),
  refusedRaw(
    'five thousand headers',
    lines(...START, ...Array.from({ length: 5_000 }, (_, index) => `x-${index}: b`)),
    [431],
  ),
  refusedRaw(
    'an address of 20 KB',
    lines(`GET /graphql?query=${'x'.repeat(20_000)} HTTP/1.1`, 'host: a'),
    [414, 431],
  ),
  refusedRaw('no version', 'GET /graphql\r\n\r\n'),
  refusedRaw('a version that is none', lines('GET /graphql HTTP/9.9', 'host: a')),
  refusedRaw('the beginning of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  refusedRaw('a method that is none', lines('QUERY\x00 /graphql HTTP/1.1', 'host: a')),
  refusedRaw(
    'TLS',
    Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, 0x0d, 0x0a]),
  ),
];

const splitting: readonly Attack[] = [
  [
    'a line break in the address, encoded',
    async (door) => {
      const path = `/graphql?query=%7Bme%7Bname%7D%7D%20HTTP/1.1%0d%0ax-a:%20b%0d%0a%0d%0a${encodeURIComponent(HIDDEN)}`;
      const heard = await door.raw(lines(`GET ${path} HTTP/1.1`, 'host: a', 'connection: close'));
      expect(statusesOf(heard)).toHaveLength(1);
      nothingHidden(door);
    },
  ],
  [
    'a line break in the address, as it is',
    async (door) => {
      const heard = await door.raw(
        `GET /graphql?query=%7Bme%7Bname%7D%7D HTTP/1.1\r\nhost: a\r\nx-b: ${HIDDEN}`.replace(
          'host: a',
          'connection: close\r\nhost: a',
        ),
      );
      expect(statusesOf(heard)).toHaveLength(1);
      nothingHidden(door);
    },
  ],
  [
    'a request id that would be a header of the answer',
    async (door) => {
      for (const id of ['a%0d%0aset-cookie: x=1', 'a b', 'a"><script>', 'x'.repeat(4_000)]) {
        const told = await door.send({ headers: { 'x-request-id': id }, body: GOOD });
        expect(told.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
        expect(told.headers['set-cookie']).toBeUndefined();
      }
    },
  ],
  [
    'a body behind a GET',
    async (door) => {
      const heard = await door.raw(
        `${lines('GET /graphql?query=%7B__typename%7D HTTP/1.1', 'host: a', `content-length: ${HIDDEN.length}`, 'connection: close')}${HIDDEN}`,
      );
      expect(statusesOf(heard)).toEqual([200]);
      nothingHidden(door);
    },
  ],
  [
    'a second request where the first has closed',
    async (door) => {
      const heard = await door.raw(
        `${lines(...START, 'connection: close', `content-length: ${GOOD.length}`)}${GOOD}${HIDDEN}`,
      );
      expect(statusesOf(heard)).toHaveLength(1);
      nothingHidden(door);
    },
  ],
  [
    'an upgrade to another protocol',
    async (door) => {
      const heard = await door.raw(
        lines(
          'GET /graphql HTTP/1.1',
          'host: a',
          'connection: close, upgrade, http2-settings',
          'upgrade: h2c',
          'http2-settings: AAMAAABkAAQAAP__',
        ),
      );
      expect(statusesOf(heard)[0]).not.toBe(101);
    },
  ],
  ...[
    '/graphql/',
    '/graphql/..;/metrics',
    '//graphql',
    '/metrics',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/.git/config',
    '/graphql%00.js',
  ].map(
    (path): Attack => [
      `the path ${path}`,
      async (door) => {
        const heard = await door.raw(lines(`GET ${path} HTTP/1.1`, 'host: a', 'connection: close'));
        expect(statusesOf(heard)).toEqual([404]);
        expect(heard).not.toMatch(/root:|\[core\]|souk_router_/);
      },
    ],
  ),
];

export const smuggling: readonly Attack[] = [...lengths, ...heads, ...splitting];
