/** Access tokens, good ones and forged ones. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { serve } from '@souk/kit/http/serve';
import { silentLog } from '@souk/kit/observe/log';
import { type JWK, SignJWT } from 'jose';
import { codesOf, post } from '../tests/toy/ask.ts';
import { AUDIENCE, createIssuer, ISSUER, type Issuer } from '../tests/toy/issuer.ts';
import { startToyRouter } from '../tests/toy/router.ts';
import { until } from '../tests/toy/until.ts';
import { createRevocations, type Revocations } from './revocations.ts';
import { createTokens, type Tokens } from './tokens.ts';

let issuer: Issuer;
let tokens: Tokens;
let now: number;

beforeEach(async () => {
  issuer = await createIssuer();
  now = Date.now();
  tokens = createTokens({ ...issuer.options, log: silentLog }, () => now);
});
afterEach(() => tokens.stop());

const seconds = () => Math.floor(now / 1000);
const pass = { until: expect.any(Number), revocable: undefined };
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a good token', () => {
  test('tells its viewer', async () => {
    const token = await issuer.sign({ sub: 'u1', sid: 's1', scope: 'a b', roles: ['r'] });
    expect(await tokens.verify(token)).toEqual({
      ok: true,
      viewer: { userId: 'u1', sessionId: 's1', scopes: ['a', 'b'], roles: ['r'] },
      pass,
    });
  });

  test('of a client for itself tells the client, and no user', async () => {
    const token = await issuer.sign({ sub: 'k1', client_id: 'k1', scope: 'a' });
    expect(await tokens.verify(token)).toEqual({ ok: true, viewer: { apiKeyId: 'k1', scopes: ['a'] }, pass });
  });

  test('tells its policies, as a list or as words, in the claim that is set', async () => {
    const grants = createTokens({ ...issuer.options, policiesClaim: 'grants', log: silentLog }, () => now);
    for (const list of [['p', 'q'], 'p q']) {
      const told = await grants.verify(await issuer.sign({ sub: 'u1', grants: list, policies: 'x' }));
      expect(told).toEqual({ ok: true, viewer: { userId: 'u1', scopes: [], policies: ['p', 'q'] }, pass });
    }
    grants.stop();
  });

  test('of a client for a user tells both, and takes scopes as a list', async () => {
    const token = await issuer.sign({ sub: 'u1', client_id: 'k1', scope: ['a', 7] as never });
    expect(await tokens.verify(token)).toEqual({
      ok: true,
      viewer: { userId: 'u1', apiKeyId: 'k1', scopes: ['a'] },
      pass,
    });
  });

  test('is verified once, and not remembered beyond its end', async () => {
    const token = await issuer.sign({ sub: 'u1', exp: seconds() + 60 });
    expect(await tokens.verify(token)).toMatchObject({ ok: true });
    issuer.goAway(true);
    expect(await tokens.verify(token)).toMatchObject({ ok: true });
    expect(issuer.fetches()).toBe(1);
    now += 66_000;
    expect(await tokens.verify(token)).toEqual({ ok: false, reason: 'expired' });
  });

  test('holds for the clock skew after its end, and before its beginning, and no longer', async () => {
    expect(await tokens.verify(await issuer.sign({ sub: 'u1', exp: seconds() - 3 }))).toMatchObject({
      ok: true,
    });
    expect(await tokens.verify(await issuer.sign({ sub: 'u1', nbf: seconds() + 3 }))).toMatchObject({
      ok: true,
    });
    expect(await tokens.verify(await issuer.sign({ sub: 'u1', exp: seconds() - 7 }))).toEqual({
      ok: false,
      reason: 'expired',
    });
  });
});

describe('a token is invalid', () => {
  const invalid = { ok: false, reason: 'invalid' };

  test.each([
    ['of another issuer', { iss: 'https://elsewhere.example' }],
    ['for another audience', { aud: 'elsewhere' }],
    ['that begins later', { nbf: Math.floor(Date.now() / 1000) + 60 }],
    ['of nobody', { sub: undefined as never }],
    ['of a number', { sub: 7 as never }],
    ['of an empty name', { sub: '' }],
    ['that will be made', { iat: Math.floor(Date.now() / 1000) + 60 }],
    ['that was made at no time', { iat: 'now' as never }],
    ['that ends at no time', { exp: 'never' as never }],
    ['without an end', { exp: undefined as never }],
  ])('%s', async (_, claims) => {
    expect(await tokens.verify(await issuer.sign({ sub: 'u1', ...claims }))).toEqual(invalid);
  });

  test.each([
    ['of another kind', { typ: 'JWT' }],
    ['with a key that nobody published', { kid: 'made-up' }],
  ])('%s', async (_, header) => {
    expect(await tokens.verify(await issuer.sign({ sub: 'u1' }, header))).toEqual(invalid);
  });

  test.each([
    ['with a demand that nobody here knows', { crit: ['x'], x: 1 }],
    ['whose claims are not encoded', { crit: ['b64'], b64: false }],
    ['of no algorithm, signed all the same', { alg: 'none' }],
    ['of no kind', { typ: undefined }],
  ])('%s', async (_, header) => {
    const claims = { sub: 'u1', iss: ISSUER, aud: AUDIENCE, exp: seconds() + 60 };
    expect(await tokens.verify(await issuer.signRaw(header, claims))).toEqual(invalid);
    expect(await tokens.verify(await issuer.signRaw({}, claims))).toMatchObject({ ok: true });
  });

  test('with alg none', async () => {
    const claims = { sub: 'u1', iss: ISSUER, aud: AUDIENCE, exp: seconds() + 60 };
    for (const alg of ['none', 'None', 'NONE']) {
      const token = `${base64({ alg, typ: 'at+jwt' })}.${base64(claims)}.`;
      expect(await tokens.verify(token)).toEqual(invalid);
    }
  });

  test('signed with the public key as if it were a secret', async () => {
    const [key] = issuer.publicKeys();
    const text = `${base64({ alg: 'HS256', typ: 'at+jwt', kid: key!.kid })}.${base64({
      sub: 'u1',
      iss: ISSUER,
      aud: AUDIENCE,
      exp: seconds() + 60,
    })}`;
    const signature = createHmac('sha256', Buffer.from(key!.x!, 'base64url'))
      .update(text)
      .digest('base64url');
    expect(await tokens.verify(`${text}.${signature}`)).toEqual(invalid);
  });

  test('of another algorithm, though its issuer publishes the key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    issuer.publish({ ...(publicKey.export({ format: 'jwk' }) as JWK), kid: 'rsa', use: 'sig' });
    const token = await new SignJWT({ sub: 'u1' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('5m')
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'rsa' })
      .sign(privateKey);
    expect(await tokens.verify(token)).toEqual(invalid);
  });

  test('that brings its own key along', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const token = await new SignJWT({ sub: 'u1' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('5m')
      .setProtectedHeader({
        alg: 'EdDSA',
        typ: 'at+jwt',
        jwk: publicKey.export({ format: 'jwk' }) as never,
        kid: issuer.publicKeys()[0]!.kid!,
      })
      .sign(privateKey);
    expect(await tokens.verify(token)).toEqual(invalid);
  });

  test('whose claims were changed after it was signed', async () => {
    const [header, claims, signature] = (await issuer.sign({ sub: 'u1' })).split('.');
    const changed = { ...JSON.parse(Buffer.from(claims!, 'base64url').toString()), sub: 'u2' };
    expect(await tokens.verify(`${header}.${base64(changed)}.${signature}`)).toEqual(invalid);
  });

  test.each(['', 'a', 'a.b', 'a.b.c', '..', 'e30.e30.e30', `${'x'.repeat(9000)}.y.z`])(
    'that is none: %s',
    async (text) => {
      expect(await tokens.verify(text)).toEqual(invalid);
    },
  );
});

describe('a token that is revoked', () => {
  const KEPT_MS = 1_800_000;
  let book: Revocations;
  let guarded: Tokens;

  beforeEach(() => {
    const claims = { userId: 'sub', sessionId: 'sid' };
    book = createRevocations({ claims, keptMs: KEPT_MS }, () => now);
    const revocations = { book, keptMs: KEPT_MS };
    guarded = createTokens({ ...issuer.options, revocations, log: silentLog }, () => now);
  });
  afterEach(() => guarded.stop());

  const revoke = (what: object) => book.hear(JSON.stringify({ ...what, at: new Date(now).toISOString() }));

  test('is no good at once, though it was before, and another one is', async () => {
    const token = await issuer.sign({ sub: 'u1', sid: 's1', iat: now / 1000 - 1 });
    expect(await guarded.verify(token)).toMatchObject({ ok: true });
    revoke({ sessionId: 's1' });
    expect(await guarded.verify(token)).toEqual({ ok: false, reason: 'revoked' });
    const other = await issuer.sign({ sub: 'u1', sid: 's2', iat: now / 1000 - 1 });
    expect(await guarded.verify(other)).toMatchObject({ ok: true });
    revoke({ userId: 'u1' });
    expect(await guarded.verify(other)).toEqual({ ok: false, reason: 'revoked' });
    expect(await guarded.verify(await issuer.sign({ sub: 'u1', iat: now / 1000 }))).toMatchObject({
      ok: true,
    });
  });

  test('is none when it would outlive the memory of revocations', async () => {
    const token = await issuer.sign({ sub: 'u1', exp: seconds() + 3_600 });
    expect(await guarded.verify(token)).toEqual({ ok: false, reason: 'invalid' });
    expect(await tokens.verify(token)).toMatchObject({ ok: true });
  });
});

describe('keys', () => {
  test('are fetched anew for a token that names a new one', async () => {
    await tokens.verify(await issuer.sign({ sub: 'u1' }));
    await issuer.rotate('keep');
    const fresh = createTokens({ ...issuer.options, log: silentLog });
    expect(await fresh.verify(await issuer.sign({ sub: 'u1' }))).toMatchObject({ ok: true });
    fresh.stop();
  });

  test.each([
    ['after a while', { keysRefreshMs: 20 }, async () => {}],
    ['as soon as a token names a newer one', { keysCooldownMs: 0 }, () => issuer.sign({ sub: 'u2' })],
  ])('that were taken back open nothing any more, %s', async (_, options, meanwhile) => {
    const watching = createTokens({ ...issuer.options, ...options, log: silentLog }, () => now);
    const token = await issuer.sign({ sub: 'u1' });
    expect(await watching.verify(token)).toMatchObject({ ok: true });
    await issuer.rotate('drop');
    const other = await meanwhile();
    if (other) expect(await watching.verify(other)).toMatchObject({ ok: true });
    await until(async () => !(await watching.verify(token)).ok);
    expect(await watching.verify(token)).toEqual({ ok: false, reason: 'invalid' });
    watching.stop();
  });

  test('are not fetched for every made-up one', async () => {
    for (let index = 0; index < 20; index++) {
      await tokens.verify(await issuer.sign({ sub: 'u1' }, { kid: `made-up-${index}` }));
    }
    expect(issuer.fetches()).toBe(1);
  });

  test('are not fetched for made-up ones while their issuer is away', async () => {
    const impatient = createTokens({ ...issuer.options, keysCooldownMs: 0, log: silentLog }, () => now);
    await impatient.verify(await issuer.sign({ sub: 'u1' }));
    issuer.goAway(true);
    for (let index = 0; index < 20; index++) {
      const made = await issuer.sign({ sub: 'u1' }, { kid: `made-up-${index}` });
      expect(await impatient.verify(made)).toEqual({ ok: false, reason: 'no keys' });
    }
    expect(issuer.fetches()).toBe(2);
    impatient.stop();
  });

  test('that cannot be fetched say nothing about the token, and are fetched again next time', async () => {
    issuer.goAway(true);
    const token = await issuer.sign({ sub: 'u1' });
    expect(await tokens.verify(token)).toEqual({ ok: false, reason: 'no keys' });
    issuer.goAway(false);
    expect(await tokens.verify(token)).toMatchObject({ ok: true });
  });

  test('are fetched over HTTP from an issuer that is elsewhere', async () => {
    const { keysHandler, ...options } = issuer.options;
    const served = await serve({ handler: keysHandler!, log: silentLog });
    const remote = createTokens({
      ...options,
      jwksUrl: `${served.url}/.well-known/jwks.json`,
      log: silentLog,
    });
    expect(await remote.verify(await issuer.sign({ sub: 'u1' }))).toMatchObject({ ok: true });
    remote.stop();
    await served.stop();
  });

  test('that are known serve on while their issuer is away', async () => {
    await tokens.verify(await issuer.sign({ sub: 'u1' }));
    issuer.goAway(true);
    now += 3_600_000;
    expect(await tokens.verify(await issuer.sign({ sub: 'u2', exp: seconds() + 60 }))).toMatchObject({
      ok: true,
    });
  });
});

describe('a request', () => {
  test.each([
    ['with an expired token', () => issuer.sign({ sub: 'u1', exp: seconds() - 60 }), 'expired'],
    ['with a token of another issuer', () => issuer.sign({ sub: 'u1', iss: 'x' }), 'invalid'],
  ])('%s is refused with the reason, in every media type', async (_, sign, reason) => {
    const toy = await startToyRouter({ tokens: issuer.options });
    const headers = { authorization: `Bearer ${await sign()}`, accept: 'application/json' };
    const told = await post(toy.handler, '{ me { name } }', { headers });
    expect(told).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED', reason } }],
    });
    expect(told.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    expect(toy.library.people.requests).toEqual([]);
    await toy.router.stop();
  });

  test.each(['Basic dTpw', 'Bearer', 'Bearer a b', 'bearer: x'])(
    'with the authorization "%s" is refused',
    async (authorization) => {
      const toy = await startToyRouter({ tokens: issuer.options });
      const told = await post(toy.handler, '{ me { name } }', { headers: { authorization } });
      expect(told).toMatchObject({ status: 401, errors: [{ extensions: { reason: 'malformed' } }] });
      await toy.router.stop();
    },
  );

  test('whose token cannot be verified at the moment is asked to come again', async () => {
    const toy = await startToyRouter({ tokens: issuer.options });
    issuer.goAway(true);
    const told = await post(toy.handler, '{ me { name } }', { headers: await issuer.bearer() });
    expect(told.status).toBe(503);
    expect(told.headers['retry-after']).toBe('5');
    expect(codesOf(told)).toEqual(['SERVICE_UNAVAILABLE']);
    // Guests need no keys.
    expect((await post(toy.handler, '{ me { name } }')).status).toBe(200);
    await toy.router.stop();
  });
});
