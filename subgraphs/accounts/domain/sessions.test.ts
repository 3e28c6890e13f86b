import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { listAuditEntries } from '../store/audit-log.ts';
import { listSessions } from '../store/sessions.ts';
import { outbox } from '../store/tables.ts';
import { claimsOf, DAY, type Desk, guest, MINUTE, newPerson, openDesk } from '../tests/desk.ts';
import { refreshSession, revokeAllSessions, revokeSession } from './sessions.ts';

withPostgres('Sessions', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const refresh = (token: string) => refreshSession(desk.services, guest('203.0.113.0/24'), token);
  const refreshed = async (token: string) => {
    const outcome = await refresh(token);
    if (!outcome.ok) throw new Error(outcome.errors[0]!.code);
    return outcome.value;
  };
  const live = (userId: string) =>
    listSessions(desk.services.db, [userId], desk.services.now(), { size: 100, backward: false });
  const codeOf = async (token: string) => {
    const outcome = await refresh(token);
    return outcome.ok ? 'done' : outcome.errors[0]!.code;
  };

  test('access tokens are EdDSA, live a quarter of an hour, and hold against the published keys', async () => {
    const { tokens, user } = await newPerson(desk);
    const keys = createLocalJWKSet({ keys: await desk.services.signingKeys.published() });
    const { payload, protectedHeader } = await jwtVerify(tokens.accessToken, keys, {
      algorithms: ['EdDSA'],
      typ: 'at+jwt',
      issuer: 'https://shop.test',
      audience: 'https://shop.test',
      currentDate: desk.services.now(),
    });
    expect(payload.sub).toBe(user.id);
    expect(Math.floor(payload.exp! - payload.iat!)).toBe(900);
    expect(protectedHeader.kid).toMatch(/^jwk_/);
    const [published] = await desk.services.signingKeys.published();
    expect(published).not.toHaveProperty('d');
    expect(createPublicKey({ key: published as never, format: 'jwk' }).asymmetricKeyType).toBe('ed25519');
  });

  test('a refresh gives a new pair, carries the session on and notes where it is used', async () => {
    const { tokens, user, sessionId } = await newPerson(desk);
    desk.pass(20 * DAY);
    const next = await refreshed(tokens.refreshToken);
    expect(next.refreshToken).not.toBe(tokens.refreshToken);
    expect(claimsOf(next.accessToken).sid).toBe(sessionId);
    desk.pass(20 * DAY);
    await refreshed(next.refreshToken);
    expect(await live(user.id)).toMatchObject([{ id: sessionId, ipAddress: '203.0.113.0/24' }]);
  });

  test('a session that is not used for thirty days ends', async () => {
    const { tokens, user } = await newPerson(desk);
    desk.pass(30 * DAY + MINUTE);
    expect(await codeOf(tokens.refreshToken)).toBe('TOKEN_INVALID');
    expect(await live(user.id)).toEqual([]);
  });

  test('a spent token ends the whole session: whoever holds the live one loses it too', async () => {
    const { tokens, user, sessionId } = await newPerson(desk);
    const second = await refreshed(tokens.refreshToken);
    const third = await refreshed(second.refreshToken);
    expect(await codeOf(tokens.refreshToken)).toBe('TOKEN_REUSED');
    expect(await codeOf(third.refreshToken)).toBe('TOKEN_INVALID');
    expect(await codeOf(tokens.refreshToken)).toBe('TOKEN_INVALID');
    expect(await live(user.id)).toEqual([]);
    expect(desk.revocations).toContainEqual({ sessionId, at: expect.any(Date) });
    const [entry] = await listAuditEntries(
      desk.services.db,
      { subjectId: user.id },
      { size: 1, backward: false },
    );
    expect(entry).toMatchObject({ action: 'TOKEN_REUSED', details: { sessionId }, actorId: null });
  });

  test('of two who trade one token at once, one gets a pair and the session ends', async () => {
    const { tokens, user } = await newPerson(desk);
    const answers = await Promise.all([codeOf(tokens.refreshToken), codeOf(tokens.refreshToken)]);
    expect(answers.sort()).toEqual(['TOKEN_REUSED', 'done']);
    expect(await live(user.id)).toEqual([]);
  });

  test.each(['', 'souk_rt_x', 'x'.repeat(10_000), 'souk_rt_\0'])('%j is no token', async (token) => {
    expect(await codeOf(token)).toBe('TOKEN_INVALID');
  });

  test('a session is ended by its user, once, and by nobody else', async () => {
    const ada = await newPerson(desk);
    const bob = await newPerson(desk);
    const end = (person: typeof ada) =>
      revokeSession(desk.services, person.actor, person.user.id, ada.sessionId);
    expect(await end(bob)).toMatchObject({ ok: false, errors: [{ code: 'SESSION_NOT_FOUND' }] });
    expect(await end(ada)).toMatchObject({ ok: true, value: { id: ada.sessionId } });
    expect(await end(ada)).toMatchObject({ ok: false });
    expect(await codeOf(ada.tokens.refreshToken)).toBe('TOKEN_INVALID');
    expect(desk.revocations.at(-1)).toEqual({ sessionId: ada.sessionId, at: expect.any(Date) });
  });

  test('signing out everywhere may spare the session at hand', async () => {
    const { user, actor, sessionId } = await newPerson(desk);
    const { startSession } = await import('./sessions.ts');
    for (let i = 0; i < 3; i++) await startSession(desk.services.db, desk.services, guest(), user.id);
    const before = desk.revocations.length;
    expect(await revokeAllSessions(desk.services, actor, user.id, sessionId)).toBe(3);
    expect(await live(user.id)).toMatchObject([{ id: sessionId }]);
    expect(desk.revocations.length - before).toBe(3);
    expect(await revokeAllSessions(desk.services, actor, user.id, undefined)).toBe(1);
    expect(await live(user.id)).toEqual([]);
  });

  test('what happened is told in events that hold ids and nothing personal', async () => {
    const { user, email, actor, sessionId } = await newPerson(desk);
    await revokeSession(desk.services, actor, user.id, sessionId);
    const rows = (await desk.services.db.select().from(outbox)).filter(
      ({ aggregateId }) => aggregateId === user.id,
    );
    expect(rows.map(({ type }) => type)).toEqual([
      'accounts.session.started',
      'accounts.user.opened',
      'accounts.session.ended',
    ]);
    expect(rows.at(-1)).toMatchObject({
      version: 1,
      data: { userId: user.id, sessionIds: [sessionId], reason: 'SIGNED_OUT' },
      requestId: 'test-request',
    });
    expect(JSON.stringify(rows)).not.toContain(email);
    expect(JSON.stringify(rows)).not.toContain('Ada');
  });
});
