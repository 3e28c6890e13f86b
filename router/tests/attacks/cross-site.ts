/** What a page of another site can make a browser send, with the cookies and in the network of whoever looks at it. */
import { expect } from '@jest/globals';
import { nobodyWasAsked, refused } from './checks.ts';
import { type Attack, type Sent, STRICT } from './door.ts';

const MUTATION = 'mutation { personRename(id: "p1", name: "Eve") { name } }';
const BODY = JSON.stringify({ query: MUTATION });
const inAddress = (query: string) => `/graphql?query=${encodeURIComponent(query)}`;
const EVIL = 'https://evil.example';

const simple = (name: string, sent: Sent, status: number, code: string): Attack => [
  name,
  async (door) => {
    const told = await door.send({ ...sent, headers: { ...STRICT, ...sent.headers } });
    refused(door, told, status, code);
    expect(told.headers['access-control-allow-origin']).toBeUndefined();
  },
];

const posted = (type: string): Attack =>
  simple(
    `a POST of ${type}`,
    { headers: { 'content-type': type, origin: EVIL }, body: BODY },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  );

const BOUNDARY = '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n';

export const crossSite: readonly Attack[] = [
  posted('text/plain'),
  posted('text/plain; application/json'),
  posted('application/x-www-form-urlencoded'),
  posted('multipart/form-data; boundary=x'),
  posted('application/graphql'),
  posted('application/json-patch+json'),
  posted('*/*'),
  simple(
    'a form with a query',
    {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `query=${encodeURIComponent(MUTATION)}`,
    },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ),
  simple(
    'an upload of operations',
    { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: `${BOUNDARY}${BODY}\r\n--x--` },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ),
  [
    'a POST without a type',
    async (door) => {
      const heard = await door.raw(
        `POST /graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
      );
      expect(heard).toContain('HTTP/1.1 415');
      nobodyWasAsked(door);
    },
  ],
  simple('a mutation by GET', { method: 'GET', path: inAddress(MUTATION) }, 405, 'METHOD_NOT_ALLOWED'),
  simple(
    'a mutation by GET that says it is a POST',
    {
      method: 'GET',
      path: inAddress(MUTATION),
      headers: { 'x-http-method-override': 'POST', 'x-method-override': 'POST' },
    },
    405,
    'METHOD_NOT_ALLOWED',
  ),
  simple(
    'one of two operations by GET',
    {
      method: 'GET',
      path: `${inAddress(`query A { me { name } } mutation B { personErase(id: "p1") }`)}&operationName=B`,
    },
    405,
    'METHOD_NOT_ALLOWED',
  ),
  ...['PUT', 'DELETE', 'PATCH'].map((method) =>
    simple(`a ${method}`, { method, body: BODY }, 405, 'METHOD_NOT_ALLOWED'),
  ),
  simple(
    'a query by GET, as browsers mark it',
    { method: 'GET', path: inAddress('{ me { name } }'), headers: { 'sec-fetch-site': 'cross-site' } },
    403,
    'REQUEST_BLOCKED',
  ),
  simple(
    'a query by GET of a neighbour',
    { method: 'GET', path: inAddress('{ me { name } }'), headers: { 'sec-fetch-site': 'same-site' } },
    403,
    'REQUEST_BLOCKED',
  ),
  simple(
    'a query by GET with an origin',
    { method: 'GET', path: inAddress('{ me { name } }'), headers: { origin: EVIL } },
    403,
    'REQUEST_BLOCKED',
  ),
  simple(
    'a query by GET of a page without an origin',
    { method: 'GET', path: inAddress('{ me { name } }'), headers: { origin: 'null' } },
    403,
    'REQUEST_BLOCKED',
  ),
  simple(
    'a query by GET with the type of a form',
    {
      method: 'GET',
      path: inAddress('{ me { name } }'),
      headers: { origin: EVIL, 'content-type': 'text/plain' },
    },
    403,
    'REQUEST_BLOCKED',
  ),
  [
    'a preflight, which must not be granted',
    async (door) => {
      const headers = {
        origin: EVIL,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, authorization',
      };
      const told = await door.send({ method: 'OPTIONS', headers });
      expect(Object.keys(told.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      nobodyWasAsked(door);
    },
  ],
  [
    'an answer that a page could take for its own',
    async (door) => {
      const told = await door.ask('{ me { name } }');
      expect(told.headers['x-content-type-options']).toBe('nosniff');
      expect(told.headers['cache-control']).toMatch(/no-store|private/);
    },
  ],
];
