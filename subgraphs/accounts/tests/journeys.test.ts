/** What people, staff and machines do, from one mutation to the next, as the router passes it on. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Viewer } from '@souk/kit/auth/viewer';
import { withPostgres } from '@souk/kit/tests/stores';
import { SCOPE_NAMES } from '../domain/scopes.ts';
import { codeAt } from '../domain/totp.ts';
import { claimsOf, MINUTE, mailedToken, newAddress, newPerson, PASSWORD } from './desk.ts';
import { openRoom, type TestRoom } from './room.ts';

const TOKENS = 'tokens { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }';
const admin = { userId: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAV', scopes: SCOPE_NAMES };

withPostgres('Journeys', () => {
  let room: TestRoom;
  beforeAll(async () => {
    room = await openRoom();
  });
  afterAll(() => room.close());

  const call: TestRoom['call'] = (...args) => room.call(...args);
  /** What the router makes of an access token. */
  const viewerOf = (accessToken: string): Partial<Viewer> => {
    const { sub, sid, scope, roles } = claimsOf(accessToken) as Record<string, string> & { roles: string[] };
    return { userId: sub!, sessionId: sid!, scopes: scope!.split(' ').filter(Boolean), roles };
  };

  test('a shopper signs up, verifies, signs in elsewhere, secures the account and signs out there', async () => {
    const email = newAddress();
    const opened = await call(
      'userSignUp',
      { email, password: PASSWORD, displayName: 'Noor' },
      `user { id displayName profile { email emailVerified locale } } ${TOKENS}`,
    );
    expect(opened).toMatchObject({ user: { displayName: 'Noor', profile: null }, userErrors: [] });
    const here = viewerOf(opened.tokens.accessToken);

    expect(await call('emailVerificationSend', null, 'sentTo', here)).toMatchObject({
      sentTo: null,
      userErrors: [{ kind: 'EXHAUSTED', code: 'TOO_MANY_ATTEMPTS' }],
    });
    room.desk.pass(2 * MINUTE);
    expect(await call('emailVerificationSend', null, 'sentTo', here)).toEqual({
      sentTo: email,
      userErrors: [],
    });
    const verified = await call(
      'emailVerify',
      { token: mailedToken(room.desk, email) },
      'user { profile { emailVerified version } }',
      here,
    );
    expect(verified.user.profile).toEqual({ emailVerified: true, version: 2 });

    const edited = await call(
      'profileUpdate',
      { expectedVersion: 2, givenName: 'Noor', locale: 'nl' },
      'user { profile { givenName locale version } }',
      here,
    );
    expect(edited.user.profile).toEqual({ givenName: 'Noor', locale: 'nl', version: 3 });

    const enrolled = await call('mfaEnroll', null, 'enrollment { secret otpauthUri expiresAt }', here);
    const { secret } = enrolled.enrollment;
    const code = () => codeAt(secret, room.desk.services.now());
    const confirmed = await call(
      'mfaConfirm',
      { code: code() },
      'recoveryCodes user { security { mfaEnabled recoveryCodesLeft } }',
      here,
    );
    expect(confirmed.user.security).toEqual({ mfaEnabled: true, recoveryCodesLeft: 10 });
    room.desk.pass(MINUTE);

    const first = await call(
      'sessionCreate',
      { email, password: PASSWORD },
      `${TOKENS} mfaChallenge { token expiresAt }`,
    );
    expect(first.tokens).toBeNull();
    const signedIn = await call(
      'sessionMfaComplete',
      { challengeToken: first.mfaChallenge.token, code: code() },
      TOKENS,
    );
    const there = viewerOf(signedIn.tokens.accessToken);
    const refreshed = await call('sessionRefresh', { refreshToken: signedIn.tokens.refreshToken }, TOKENS);
    expect(refreshed.tokens.refreshToken).not.toBe(signedIn.tokens.refreshToken);

    const revoked = await call(
      'sessionRevoke',
      { sessionId: there.sessionId! },
      'session { id isCurrent }',
      here,
    );
    expect(revoked).toEqual({ session: { id: there.sessionId, isCurrent: false }, userErrors: [] });
    expect(
      await call('sessionRefresh', { refreshToken: refreshed.tokens.refreshToken }, TOKENS),
    ).toMatchObject({
      tokens: null,
      userErrors: [{ code: 'TOKEN_INVALID', field: ['refreshToken'] }],
    });

    room.desk.pass(MINUTE);
    const anew = await call(
      'mfaRecoveryCodesRegenerate',
      { password: PASSWORD, code: code() },
      'recoveryCodes',
      here,
    );
    expect(anew.recoveryCodes).toHaveLength(10);
    const off = await call(
      'mfaDisable',
      { password: PASSWORD, code: anew.recoveryCodes[0] },
      'user { security { mfaEnabled } }',
      here,
    );
    expect(off.user.security.mfaEnabled).toBe(false);
    expect(await call('sessionRevokeAll', { keepCurrent: true }, 'revokedCount', here)).toEqual({
      revokedCount: 0,
      userErrors: [],
    });
    expect(await call('sessionRevokeAll', {}, 'revokedCount', here)).toEqual({
      revokedCount: 1,
      userErrors: [],
    });
  });

  test('a forgotten password is set anew, and changed later', async () => {
    const { email, user, sessionId } = await newPerson(room.desk);
    expect(await call('passwordResetRequest', { email }, 'accepted')).toEqual({
      accepted: true,
      userErrors: [],
    });
    expect(await call('passwordResetRequest', { email: newAddress() }, 'accepted')).toEqual({
      accepted: true,
      userErrors: [],
    });
    await room.desk.settle();
    const newPassword = 'eleven copper kettles sing';
    const reset = await call(
      'passwordReset',
      { token: mailedToken(room.desk, email), newPassword },
      'user { id }',
    );
    expect(reset).toEqual({ user: { id: user.id }, userErrors: [] });
    const changed = await call(
      'passwordChange',
      { currentPassword: newPassword, newPassword: PASSWORD },
      'user { security { passwordChangedAt } }',
      { userId: user.id, sessionId },
    );
    expect(changed.user.security.passwordChangedAt).toMatch(/Z$/);
  });

  test('an address book is kept', async () => {
    const { user } = await newPerson(room.desk);
    const viewer = { userId: user.id };
    const postal = {
      recipient: 'Noor',
      line1: 'Kade 1',
      city: 'Utrecht',
      postalCode: '3511',
      countryCode: 'NL',
    };
    const created = await call(
      'addressCreate',
      { postal, label: 'Home', isDefaultShipping: true },
      'address { id label version isDefaultShipping isDefaultBilling postal { line1 line2 region phone } }',
      viewer,
    );
    expect(created.address).toMatchObject({
      label: 'Home',
      version: 1,
      isDefaultShipping: true,
      isDefaultBilling: false,
    });
    const addressId = created.address.id;
    const updated = await call(
      'addressUpdate',
      { addressId, expectedVersion: 1, label: null, isDefaultBilling: true },
      'address { label version isDefaultBilling }',
      viewer,
    );
    expect(updated.address).toEqual({ label: null, version: 2, isDefaultBilling: true });
    const late = await call('addressUpdate', { addressId, expectedVersion: 1 }, 'address { id }', viewer);
    expect(late).toMatchObject({
      address: null,
      userErrors: [{ kind: 'CONFLICT', code: 'VERSION_CONFLICT' }],
    });
    expect(await call('addressDelete', { addressId }, 'deletedAddressId', viewer)).toEqual({
      deletedAddressId: addressId,
      userErrors: [],
    });
    await expect(
      call('addressCreate', { postal: { ...postal, countryCode: 'XX' } }, 'address { id }', viewer),
    ).rejects.toThrow('CountryCode');
  });

  test('staff edit roles, give them, and bar and readmit people', async () => {
    const { user } = await newPerson(room.desk);
    const role = { name: 'florist', description: 'Arranges flowers', scopes: ['catalog:read'] };
    expect((await call('roleSave', role, 'role { name scopes version }', admin)).role).toEqual({
      name: 'florist',
      scopes: ['catalog:read'],
      version: 1,
    });
    const set = await call(
      'userRolesSet',
      { userId: user.id, roles: ['florist'], expectedVersion: 1 },
      'user { roles { name } }',
      admin,
    );
    expect(set.user.roles).toEqual([{ name: 'florist' }]);
    expect((await call('roleDelete', { name: 'florist' }, 'deletedName', admin)).userErrors[0].code).toBe(
      'ROLE_IN_USE',
    );
    await call(
      'userRolesSet',
      { userId: user.id, roles: ['customer'], expectedVersion: 2 },
      'user { id }',
      admin,
    );
    expect((await call('roleDelete', { name: 'florist' }, 'deletedName', admin)).deletedName).toBe('florist');
    const suspended = await call(
      'userSuspend',
      { userId: user.id, reason: 'fraud' },
      'user { profile { status } }',
      admin,
    );
    expect(suspended.user.profile.status).toBe('SUSPENDED');
    const reinstated = await call('userReinstate', { userId: user.id }, 'user { profile { status } }', admin);
    expect(reinstated.user.profile.status).toBe('ACTIVE');
    const { data } = await room.ask('{ scopes { name description } roles { name } }', {}, admin);
    expect(data.scopes).toHaveLength(SCOPE_NAMES.length);
    expect(data.roles.map(({ name }: { name: string }) => name)).toContain('support');
  });

  test('a session remembers the device and the network of the sign-in, and no more', async () => {
    const { email, user } = await newPerson(room.desk);
    const from = {
      ip: '203.0.113.77',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    };
    await call('sessionCreate', { email, password: PASSWORD }, TOKENS, from);
    const { data } = await room.ask(
      '{ viewer { sessions(first: 1) { nodes { device ipAddress } } } }',
      {},
      { userId: user.id },
    );
    expect(data.viewer.sessions.nodes).toEqual([{ device: 'Firefox on Linux', ipAddress: '203.0.113.0/24' }]);
  });

  test('whoever did not come through the router is turned away, but for the public paths', async () => {
    const unsigned = await room.send('POST', '/graphql', {
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ viewer { id } }"}',
    });
    expect([unsigned.status, JSON.parse(unsigned.body.toString()).errors[0].extensions.code]).toEqual([
      401,
      'UNSIGNED_REQUEST',
    ]);
    expect((await room.send('GET', '/.well-known/jwks.json')).status).toBe(200);
    expect((await room.send('GET', '/nowhere')).status).toBe(404);
  });
});
