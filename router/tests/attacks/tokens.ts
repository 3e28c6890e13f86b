/** Tokens that nobody was given. Each must be refused as a whole: a forger is no guest. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@jest/globals';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { AUDIENCE, ISSUER } from '../toy/issuer.ts';
import { nobodyWasAsked, refused } from './checks.ts';
import { type Attack, type Door, lines } from './door.ts';

const QUERY = '{ me { name email } }';
const now = () => Math.floor(Date.now() / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = (changed: JWTPayload = {}) => ({
  sub: 'p1',
  iss: ISSUER,
  aud: AUDIENCE,
  exp: now() + 60,
  scope: 'admin',
  ...changed,
});
const kidOf = ({ issuer }: Door) => issuer.publicKeys()[0]!.kid!;

async function isRefused(door: Door, token: string, reason: string | undefined = 'invalid'): Promise<void> {
  const told = await door.ask(QUERY, undefined, { authorization: `Bearer ${token}` });
  refused(door, told, 401, 'UNAUTHENTICATED');
  expect(told.errors[0]!.extensions.reason).toBe(reason);
}

const forged = (name: string, make: (door: Door) => Promise<string> | string, reason?: string): Attack => [
  name,
  async (door) => isRefused(door, await make(door), reason),
];

function hmac(header: object, secret: string | Buffer, payload: object = claims()): string {
  const text = `${encode({ alg: 'HS256', typ: 'at+jwt', ...header })}.${encode(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function ownKey(
  door: Door,
  header: object = {},
  kind: 'ed25519' | 'ec' | 'rsa' = 'ed25519',
): Promise<string> {
  const [alg, { privateKey, publicKey }] =
    kind === 'ed25519'
      ? (['EdDSA', generateKeyPairSync('ed25519')] as const)
      : kind === 'ec'
        ? (['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })] as const)
        : (['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })] as const);
  const jwk = publicKey.export({ format: 'jwk' });
  return new SignJWT(claims())
    .setProtectedHeader({
      alg,
      typ: 'at+jwt',
      kid: kidOf(door),
      ...('jwk' in header ? { jwk } : header),
    } as JWTHeaderParameters)
    .sign(privateKey);
}

const unsigned = (alg: string, signature = '') =>
  `${encode({ alg, typ: 'at+jwt' })}.${encode(claims())}.${signature}`;
const signed =
  (header: Record<string, unknown>, changed: Record<string, unknown> = {}) =>
  (door: Door) =>
    door.issuer.signRaw(header, { ...claims(), ...changed });

async function changedAfter(door: Door, part: 0 | 1 | 2, change: (text: string) => string): Promise<string> {
  const parts = (await door.issuer.sign(claims())).split('.');
  parts[part] = change(parts[part]!);
  return parts.join('.');
}

/** Says that its key is at a server of the attacker's, which must never hear of it. */
const keyElsewhere = (parameter: 'jku' | 'x5u'): Attack => [
  `a key at an address of the forger's own (${parameter})`,
  async (door) => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    await isRefused(door, await ownKey(door, { [parameter]: address }));
    await new Promise((resolve) => server.close(resolve));
    expect(asked).toBe(0);
  },
];

export const tokens: readonly Attack[] = [
  ...['none', 'None', 'NONE', 'nOnE', ''].map((alg) =>
    forged(`alg "${alg}" without a signature`, () => unsigned(alg)),
  ),
  forged('alg none with a signature that is no matter', () => unsigned('none', 'AAAA')),
  forged('alg none, signed by the true key', signed({ alg: 'none' })),
  forged('an alg that looks like EdDSA', () => unsigned('\u0415dDSA', 'AAAA')),
  forged('the public key as an HMAC secret', (door) =>
    hmac({ kid: kidOf(door) }, Buffer.from(door.issuer.publicKeys()[0]!.x!, 'base64url')),
  ),
  forged('the whole published key as an HMAC secret', (door) =>
    hmac({ kid: kidOf(door) }, JSON.stringify(door.issuer.publicKeys()[0])),
  ),
  forged('a kid that leads to an empty file', () => hmac({ kid: '../../../../../../dev/null' }, '')),
  forged('a kid that is SQL', () => hmac({ kid: "x' UNION SELECT 'secret' -- " }, 'secret')),
  forged('a kid that is a prototype', signed({ kid: '__proto__' })),
  forged('a kid that is a list', signed({ kid: ['a'] })),
  forged('a key of the same kid', (door) => ownKey(door)),
  forged('a key that it brings along', (door) => ownKey(door, { jwk: true })),
  forged('an elliptic curve', (door) => ownKey(door, {}, 'ec')),
  forged('RSA', (door) => ownKey(door, {}, 'rsa')),
  keyElsewhere('jku'),
  keyElsewhere('x5u'),
  forged('an end in the past', signed({}, { exp: now() - 60 }), 'expired'),
  forged('no end', signed({}, { exp: undefined })),
  forged('an end that is a text', signed({}, { exp: '9999999999' })),
  forged('a beginning in the future', signed({}, { nbf: now() + 60 })),
  forged('an issue in the future', signed({}, { iat: now() + 60 })),
  forged('another issuer', signed({}, { iss: 'https://issuer.example.evil' })),
  forged('an issuer that begins like ours', signed({}, { iss: `${ISSUER}/` })),
  forged('issuers in a list', signed({}, { iss: [ISSUER] })),
  forged('another audience', signed({}, { aud: 'elsewhere' })),
  forged('audiences without ours', signed({}, { aud: ['elsewhere', `${AUDIENCE} `] })),
  forged('an ID token', signed({ typ: 'JWT' })),
  forged('a refresh token', signed({ typ: 'rt+jwt' })),
  forged('no subject', signed({}, { sub: undefined })),
  forged('a subject that is an object', signed({}, { sub: { $ne: null } })),
  forged('a critical extension', signed({ crit: ['admin'], admin: true })),
  forged('claims that are not encoded', signed({ crit: ['b64'], b64: false })),
  forged('its signature cut off', (door) => changedAfter(door, 2, () => '')),
  forged('half of its signature', (door) => changedAfter(door, 2, (text) => text.slice(0, 43))),
  forged('a signature of zeros', (door) =>
    changedAfter(door, 2, () => Buffer.alloc(64).toString('base64url')),
  ),
  forged('claims that were changed', (door) =>
    changedAfter(door, 1, (text) =>
      encode({ ...JSON.parse(Buffer.from(text, 'base64url').toString()), scope: 'vault:open' }),
    ),
  ),
  forged('the signature of another token', async (door) => {
    const other = (await door.issuer.sign(claims({ scope: '' }))).split('.')[2]!;
    return changedAfter(door, 2, () => other);
  }),
  forged('an encrypted token', () => `${encode({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`),
  forged('claims of 12 KB', signed({}, { filler: 'x'.repeat(9_000) })),
  forged('two dots', () => '..'),
  forged('two tokens in one', async (door) => `${await door.issuer.sign(claims())} x`, 'malformed'),
  [
    'a token that was ended',
    async (door) => {
      const iat = now() - 10;
      const token = await door.issuer.sign(claims({ sid: 'ended', iat }));
      const revocation = JSON.stringify({ sessionId: 'ended', at: new Date().toISOString() });
      // Heard as routers hear it: over Redis. Without one there is nothing to end it by.
      if (!(await publishRevocation(revocation))) return;
      let told = await door.ask(QUERY, undefined, { authorization: `Bearer ${token}` });
      for (const began = performance.now(); told.status !== 401 && performance.now() - began < 5_000; ) {
        told = await door.ask(QUERY, undefined, { authorization: `Bearer ${token}` });
      }
      expect(told.errors[0]?.extensions.reason).toBe('revoked');
    },
  ],
  [
    'fifty key ids, so that the issuer is asked fifty times',
    async (door) => {
      const before = door.issuer.fetches();
      for (let index = 0; index < 50; index++)
        await isRefused(door, await signed({ kid: `made-up-${index}` })(door));
      expect(door.issuer.fetches() - before).toBeLessThanOrEqual(1);
    },
  ],
  ...[
    ['the address', (token: string) => ({ path: `/graphql?access_token=${token}`, headers: {} })] as const,
    [
      'a cookie',
      (token: string) => ({ headers: { cookie: `authorization=Bearer ${token}; access_token=${token}` } }),
    ] as const,
    [
      'another header',
      (token: string) => ({
        headers: { 'x-authorization': `Bearer ${token}`, 'proxy-authorization': `Bearer ${token}` },
      }),
    ] as const,
  ].map(
    ([place, sent]): Attack => [
      `a good token in ${place}, where others write it for its owner`,
      async (door) => {
        const token = await door.issuer.sign(claims());
        const told = await door.send({ ...sent(token), body: JSON.stringify({ query: '{ me { mood } }' }) });
        expect(told.data).toEqual({ me: { mood: null } });
      },
    ],
  ),
  [
    'two authorization headers, a bad one first',
    async (door) => {
      const body = '{"query":"{ me { email } }"}';
      const heard = await door.raw(
        lines(
          'POST /graphql HTTP/1.1',
          'host: a',
          'content-type: application/json',
          'connection: close',
          'authorization: Bearer a.b.c',
          `authorization: Bearer ${await door.issuer.sign(claims())}`,
          `content-length: ${body.length}`,
        ) + body,
      );
      expect(heard).toContain('401');
      nobodyWasAsked(door);
    },
  ],
];

export const CHANNEL = `attacks:${process.pid}:${Math.random().toString(36).slice(2)}`;

async function publishRevocation(message: string): Promise<boolean> {
  if (process.env.REDIS_URL === undefined) return false;
  const { Redis } = await import('ioredis');
  const redis = new Redis(process.env.REDIS_URL);
  await redis.xadd(`${CHANNEL}:recent`, '*', 'json', message);
  await redis.publish(CHANNEL, message);
  await redis.pexpire(`${CHANNEL}:recent`, 60_000);
  await redis.quit();
  return true;
}
