import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newScope, runInScope } from '@souk/kit/observe/request-scope';
import { withPostgres } from '@souk/kit/tests/stores';
import { findUsers } from '../store/users.ts';
import {
  type Desk,
  guest,
  MINUTE,
  mailedToken,
  newAddress,
  newPerson,
  openDesk,
  PASSWORD,
} from '../tests/desk.ts';
import { changePassword, requestPasswordReset, resetPassword } from './password-change.ts';
import { refreshSession } from './sessions.ts';
import { signIn } from './sign-in.ts';

const FRESH = 'eleven copper kettles sing';

withPostgres('New passwords', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const codeOf = (
    outcome: { ok: true } | { ok: false; errors: { code: string; field: string[] | null }[] },
  ) =>
    outcome.ok ? 'done' : outcome.errors.map(({ code, field }) => `${code} ${field ?? ''}`.trim()).join();
  const signsIn = async (email: string, password: string) =>
    codeOf(await signIn(desk.services, guest(), { email, password }));
  const ask = async (email: string, network?: string) => {
    const outcome = await requestPasswordReset(desk.services, guest(network), email);
    await desk.settle();
    return outcome;
  };
  const reset = async (token: string, newPassword = FRESH) =>
    codeOf(await resetPassword(desk.services, guest(), { token, newPassword }));
  const resetMails = (email: string) =>
    desk.mails.filter(({ to, text }) => to === email && text.includes('/reset-password?token='));

  test('whoever knows the old password sets a new one, and every other session ends', async () => {
    const { email, user, actor, tokens } = await newPerson(desk);
    const elsewhere = await signIn(desk.services, guest(), { email, password: PASSWORD });
    if (!elsewhere.ok || !('tokens' in elsewhere.value)) throw new Error('not signed in');
    const change = (currentPassword: string, newPassword: string) =>
      changePassword(desk.services, actor, user.id, { currentPassword, newPassword });
    expect(codeOf(await change('wrong', FRESH))).toBe('CREDENTIALS_WRONG currentPassword');
    expect(codeOf(await change(PASSWORD, 'password1234'))).toBe('PASSWORD_TOO_WEAK newPassword');
    expect(codeOf(await change(PASSWORD, FRESH))).toBe('done');
    expect(await signsIn(email, PASSWORD)).toBe('CREDENTIALS_WRONG');
    expect(await signsIn(email, FRESH)).toBe('done');
    expect((await refreshSession(desk.services, guest(), tokens.refreshToken)).ok).toBe(true);
    expect((await refreshSession(desk.services, guest(), elsewhere.value.tokens.refreshToken)).ok).toBe(
      false,
    );
    expect(desk.mails.at(-1)).toMatchObject({ to: email, subject: 'A change to your account' });
    // An open editor of the profile is not disturbed.
    expect((await findUsers(desk.services.db, [user.id]))[0]?.version).toBe(1);
  });

  test('guesses at the old password are counted like those at a sign-in', async () => {
    const { email, user, actor } = await newPerson(desk);
    const guess = () =>
      changePassword(desk.services, actor, user.id, { currentPassword: 'no', newPassword: FRESH });
    for (let i = 0; i < 6; i++) expect(codeOf(await guess())).toBe('CREDENTIALS_WRONG currentPassword');
    expect(codeOf(await guess())).toBe('TOO_MANY_ATTEMPTS');
    expect(await signsIn(email, PASSWORD)).toBe('TOO_MANY_ATTEMPTS');
  });

  test('a mailed link sets a new password once, ends all sessions and proves the address', async () => {
    const { email, user, tokens } = await newPerson(desk);
    expect(await ask(email.toUpperCase())).toEqual({ ok: true, value: true });
    const token = mailedToken(desk, email);
    expect(await reset(token, 'weak')).toBe('PASSWORD_TOO_WEAK newPassword');
    expect(await reset(token)).toBe('done');
    expect(await reset(token)).toBe('TOKEN_INVALID token');
    expect(await signsIn(email, FRESH)).toBe('done');
    expect((await refreshSession(desk.services, guest(), tokens.refreshToken)).ok).toBe(false);
    expect((await findUsers(desk.services.db, [user.id]))[0]?.emailVerifiedAt).toEqual(expect.any(Date));
  });

  test('the request is answered alike for an address that nobody has, before anything depends on it', async () => {
    const { email } = await newPerson(desk);
    const measure = async (address: string) => {
      const scope = newScope('req');
      const outcome = await runInScope(scope, () => requestPasswordReset(desk.services, guest(), address));
      // What has been counted by now is what the caller waited for; the rest runs afterwards.
      return { outcome, trips: { ...scope.roundTrips } };
    };
    const unknown = newAddress();
    const [first, second] = [await measure(email), await measure(unknown)];
    await desk.settle();
    expect(first.outcome).toEqual(second.outcome);
    expect(Math.abs(first.trips.postgres - second.trips.postgres)).toBeLessThanOrEqual(1);
    expect(resetMails(email)).toHaveLength(1);
    expect(resetMails(unknown)).toHaveLength(0);
    expect(codeOf(await ask('no address'))).toBe('EMAIL_MALFORMED email');
  });

  test('a mailbox is not flooded: one mail a minute, and that is not told', async () => {
    const { email } = await newPerson(desk);
    for (let i = 0; i < 4; i++) expect(await ask(email)).toEqual({ ok: true, value: true });
    expect(resetMails(email)).toHaveLength(1);
    desk.pass(MINUTE + 1);
    await ask(email);
    expect(resetMails(email)).toHaveLength(2);
  });

  test('a link works for half an hour, and a newer one voids it', async () => {
    const { email } = await newPerson(desk);
    await ask(email);
    const first = mailedToken(desk, email);
    desk.pass(2 * MINUTE);
    await ask(email);
    expect(await reset(first)).toBe('TOKEN_INVALID token');
    desk.pass(31 * MINUTE);
    expect(await reset(mailedToken(desk, email))).toBe('TOKEN_INVALID token');
  });

  test('a link of one purpose is no link of another', async () => {
    const { email } = await newPerson(desk);
    expect(await reset(mailedToken(desk, email))).toBe('TOKEN_INVALID token');
  });

  test('a reset lifts the block that guesses had brought about', async () => {
    const { email } = await newPerson(desk);
    for (let i = 0; i < 7; i++) await signsIn(email, 'wrong');
    expect(await signsIn(email, PASSWORD)).toBe('TOO_MANY_ATTEMPTS');
    await ask(email);
    expect(await reset(mailedToken(desk, email))).toBe('done');
    expect(await signsIn(email, FRESH)).toBe('done');
  });
});
