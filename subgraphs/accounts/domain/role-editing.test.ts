import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { listAuditEntries } from '../store/audit-log.ts';
import { findRolesOfUsers, listRoles } from '../store/roles.ts';
import { acting, claimsOf, type Desk, guest, newPerson, openDesk, PASSWORD } from '../tests/desk.ts';
import { removeRole, saveRole, setRolesOfUser } from './role-editing.ts';
import { SCOPE_NAMES } from './scopes.ts';
import { refreshSession } from './sessions.ts';
import { signIn } from './sign-in.ts';
import { reinstateUser, suspendUser } from './suspension.ts';

withPostgres('Roles', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const admin = acting({ userId: 'usr_admin', scopes: SCOPE_NAMES });
  const lead = acting({ userId: 'usr_lead', scopes: ['roles:write', 'users:read', 'orders:read'] });
  const errorsOf = (
    outcome: { ok: true } | { ok: false; errors: { code: string; field: string[] | null }[] },
  ) =>
    outcome.ok ? [] : outcome.errors.map(({ code, field }) => `${code} ${field?.join('.') ?? ''}`.trim());
  const save = (name: string, scopes: string[], expectedVersion?: number, by = admin) =>
    saveRole(desk.services, by, { name, description: 'For tests', scopes, expectedVersion });
  const give = (userId: string, roles: string[], expectedVersion: number, by = admin) =>
    setRolesOfUser(desk.services, by, { userId, roles, expectedVersion });
  const rolesOf = async (userId: string) =>
    (await findRolesOfUsers(desk.services.db, [userId])).map(({ name }) => name);

  test('the room comes with roles, and the one of admins holds every scope', async () => {
    const roles = await listRoles(desk.services.db);
    expect(roles.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['admin', 'catalog-manager', 'customer', 'moderator', 'support']),
    );
    expect(roles.find(({ name }) => name === 'admin')?.scopes).toEqual(SCOPE_NAMES);
    expect(roles.find(({ name }) => name === 'customer')?.scopes).toEqual([]);
  });

  test('a role is made, edited on the version one saw, and deleted when nobody holds it', async () => {
    expect(await save('packer', ['shipping:read', 'shipping:read'])).toMatchObject({
      ok: true,
      value: { scopes: ['shipping:read'], version: 1 },
    });
    expect(errorsOf(await save('packer', []))).toEqual(['VERSION_CONFLICT expectedVersion']);
    expect(await save('packer', ['shipping:write'], 1)).toMatchObject({ ok: true, value: { version: 2 } });
    expect(errorsOf(await save('packer', [], 1))).toEqual(['VERSION_CONFLICT expectedVersion']);
    expect(errorsOf(await save('nowhere', [], 1))).toEqual(['ROLE_NOT_FOUND name']);

    const { user } = await newPerson(desk);
    expect((await give(user.id, ['packer'], 1)).ok).toBe(true);
    expect(errorsOf(await removeRole(desk.services, admin, 'packer'))).toEqual(['ROLE_IN_USE name']);
    await give(user.id, [], 2);
    expect(await removeRole(desk.services, admin, 'packer')).toEqual({ ok: true, value: 'packer' });
    expect(errorsOf(await removeRole(desk.services, admin, 'packer'))).toEqual(['ROLE_NOT_FOUND name']);
    expect(errorsOf(await removeRole(desk.services, admin, 'a\0b'))).toEqual(['ROLE_NOT_FOUND name']);
  });

  test('of two who make a role at once one does', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => save('twin', [])));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('what is wrong with a role is told', async () => {
    const outcome = await saveRole(desk.services, admin, { name: 'Not OK', description: '', scopes: [] });
    expect(errorsOf(outcome)).toEqual(['VALUE_INVALID name', 'VALUE_INVALID description']);
    expect(errorsOf(await save('odd', ['orders:reed']))).toEqual(['SCOPE_UNKNOWN scopes.0']);
    expect(errorsOf(await save('greedy', ['orders:read', 'ledger:write'], undefined, lead))).toEqual([
      'SCOPE_NOT_HELD scopes.1',
    ]);
  });

  test('the two built-in roles cannot be taken away, nor that of admins changed', async () => {
    expect(errorsOf(await save('admin', ['users:read'], 2))).toEqual(['ROLE_BUILT_IN name']);
    expect(errorsOf(await removeRole(desk.services, admin, 'admin'))).toEqual(['ROLE_BUILT_IN name']);
    expect(errorsOf(await removeRole(desk.services, admin, 'customer'))).toEqual(['ROLE_BUILT_IN name']);
  });

  test('nobody makes another more than they are themselves, nor themselves', async () => {
    const { user } = await newPerson(desk, ['moderator']);
    expect(errorsOf(await give(user.id, ['moderator', 'admin'], 1, lead))).toEqual([
      'SCOPE_NOT_HELD roles.1',
    ]);
    expect(errorsOf(await give(user.id, ['moderator', 'pirate', 'a\0b'], 1, lead))).toEqual([
      'ROLE_NOT_FOUND roles.1',
      'ROLE_NOT_FOUND roles.2',
    ]);
    // What they hold already they may keep, and it may be taken from them.
    expect((await give(user.id, ['moderator', 'customer'], 1, lead)).ok).toBe(true);
    expect((await give(user.id, ['customer', 'customer'], 2, lead)).ok).toBe(true);
    expect(await rolesOf(user.id)).toEqual(['customer']);
  });

  test('a change of roles ends the tokens that say otherwise, and the next ones say what holds', async () => {
    const { user, tokens } = await newPerson(desk);
    await give(user.id, ['customer', 'moderator'], 1);
    expect(desk.revocations.at(-1)).toEqual({ userId: user.id, at: expect.any(Date) });
    const outcome = await refreshSession(desk.services, guest(), tokens.refreshToken);
    if (!outcome.ok) throw new Error('not refreshed');
    const { scope, iat } = JSON.parse(
      Buffer.from(outcome.value.accessToken.split('.')[1]!, 'base64url').toString(),
    ) as { scope: string; iat: number };
    expect(scope).toBe('catalog:read reviews:moderate');
    // A router compares the two: the new token must be the younger, to the millisecond.
    expect(iat * 1000).toBeGreaterThanOrEqual(desk.revocations.at(-1)!.at.getTime());
    expect(errorsOf(await give(user.id, [], 1))).toEqual(['VERSION_CONFLICT expectedVersion']);
    expect(errorsOf(await give('usr_nobody', [], 1))).toEqual(['USER_NOT_FOUND userId']);
    expect(errorsOf(await give(user.id, Array(21).fill('customer'), 2))).toEqual(['VALUE_INVALID roles']);
  });

  test('a role is not given while it is being deleted', async () => {
    for (let round = 0; round < 5; round++) {
      const name = `fleeting-${round}`;
      await save(name, []);
      const { user } = await newPerson(desk);
      const [given, removed] = await Promise.all([
        give(user.id, [name], 1),
        removeRole(desk.services, admin, name),
      ]);
      expect(given.ok).not.toBe(removed.ok);
      expect(await rolesOf(user.id)).toEqual(given.ok ? [name] : ['customer']);
    }
  });

  test('a suspension ends every session and refuses new ones until it is lifted', async () => {
    const { user, email, tokens } = await newPerson(desk);
    const suspend = (userId: string, reason: string) => suspendUser(desk.services, admin, { userId, reason });
    expect(errorsOf(await suspend(user.id, ' '))).toEqual(['VALUE_INVALID reason']);
    expect(errorsOf(await suspend('usr_nobody', 'x'))).toEqual(['USER_NOT_FOUND userId']);
    expect(await suspend(user.id, 'chargebacks')).toMatchObject({ ok: true, value: { status: 'SUSPENDED' } });
    const { sid } = claimsOf(tokens.accessToken);
    expect(desk.revocations.slice(-2)).toEqual([
      { userId: user.id, at: expect.any(Date) },
      { sessionId: sid, at: expect.any(Date) },
    ]);
    expect((await refreshSession(desk.services, guest(), tokens.refreshToken)).ok).toBe(false);
    expect((await suspend(user.id, 'again')).ok).toBe(true);
    expect(await reinstateUser(desk.services, admin, user.id)).toMatchObject({
      ok: true,
      value: { status: 'ACTIVE' },
    });
    expect((await reinstateUser(desk.services, admin, user.id)).ok).toBe(true);
    expect(errorsOf(await reinstateUser(desk.services, admin, 'usr_nobody'))).toEqual([
      'USER_NOT_FOUND userId',
    ]);
    expect((await signIn(desk.services, guest(), { email, password: PASSWORD })).ok).toBe(true);
    const entries = await listAuditEntries(
      desk.services.db,
      { subjectId: user.id, actions: ['SUSPENDED', 'REINSTATED'] },
      { size: 10, backward: false },
    );
    expect(entries.map(({ action, actorId, details }) => [action, actorId, details])).toEqual([
      ['REINSTATED', 'usr_admin', null],
      ['SUSPENDED', 'usr_admin', { reason: 'chargebacks' }],
    ]);
  });

  test('a sign-in that meets a suspension leaves no session behind', async () => {
    for (let round = 0; round < 5; round++) {
      const { user, email } = await newPerson(desk);
      const [signedIn] = await Promise.all([
        signIn(desk.services, guest(), { email, password: PASSWORD }),
        suspendUser(desk.services, admin, { userId: user.id, reason: 'race' }),
      ]);
      if (!signedIn.ok || !('tokens' in signedIn.value)) continue;
      expect((await refreshSession(desk.services, guest(), signedIn.value.tokens.refreshToken)).ok).toBe(
        false,
      );
    }
  });
});
