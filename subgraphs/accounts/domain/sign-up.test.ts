import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { users } from '../store/tables.ts';
import { findUsers } from '../store/users.ts';
import {
  acting,
  DAY,
  type Desk,
  guest,
  MINUTE,
  mailedToken,
  newAddress,
  newPerson,
  openDesk,
  PASSWORD,
} from '../tests/desk.ts';
import { beginAttemptOfPlace } from './attempts.ts';
import { sendVerification, verifyEmail } from './email-verification.ts';
import { updateProfile } from './profile.ts';
import { signUp, type TypedSignUp } from './sign-up.ts';

/** Of a hundred that are free, those that a test need not make in full. */
const EARLIER = process.env.SOUK_LONG_TESTS ? 0 : 97;

withPostgres('Signing up', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const open = (typed: Partial<TypedSignUp>, network?: string) =>
    signUp(desk.services, guest(network), {
      email: newAddress(),
      password: PASSWORD,
      displayName: 'Ada',
      locale: 'en',
      ...typed,
    });
  const verify = (token: string) => verifyEmail(desk.services, guest(), token);
  const errorsOf = (
    outcome: { ok: true } | { ok: false; errors: { code: string; field: string[] | null }[] },
  ) =>
    outcome.ok ? [] : outcome.errors.map(({ code, field }) => `${code} ${field?.join('.') ?? ''}`.trim());
  const userOf = async (id: string) => (await findUsers(desk.services.db, [id]))[0]!;

  test('an account is opened, signed in, and made a customer; its address waits for verification', async () => {
    const email = newAddress();
    const outcome = await open({ email, displayName: '  Ada  ', locale: 'de-at' });
    if (!outcome.ok) throw new Error('refused');
    const { user, tokens } = outcome.value;
    expect(user).toMatchObject({
      email,
      displayName: 'Ada',
      locale: 'de-AT',
      status: 'ACTIVE',
      emailVerifiedAt: null,
    });
    expect(user.passwordHash).not.toContain(PASSWORD);
    expect(tokens.refreshToken).toMatch(/^souk_rt_/);

    const verified = await verify(mailedToken(desk, email));
    expect(verified).toMatchObject({ ok: true, value: { emailVerifiedAt: expect.any(Date), version: 2 } });
    expect(errorsOf(await verify(mailedToken(desk, email)))).toEqual(['TOKEN_INVALID token']);
  });

  test('all that is wrong is told at once', async () => {
    const outcome = await open({
      email: 'ada',
      password: 'short',
      displayName: '',
      locale: 'klingon please',
    });
    expect(errorsOf(outcome)).toEqual([
      'EMAIL_MALFORMED email',
      'VALUE_INVALID displayName',
      'VALUE_INVALID locale',
      'PASSWORD_TOO_WEAK password',
    ]);
  });

  test('an address is one account, however it is written and whoever is first', async () => {
    const email = newAddress();
    const outcomes = await Promise.all([
      open({ email }),
      open({ email: email.toUpperCase() }),
      open({ email: ` ${email}` }),
    ]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes.flatMap(errorsOf)).toEqual(['EMAIL_TAKEN email', 'EMAIL_TAKEN email']);
    const rows = await desk.services.db.select().from(users);
    expect(rows.filter((row) => row.emailKey === email)).toHaveLength(1);
  });

  test('a link works for a day', async () => {
    const { email } = await newPerson(desk);
    const token = mailedToken(desk, email);
    desk.pass(DAY + MINUTE);
    expect(errorsOf(await verify(token))).toEqual(['TOKEN_INVALID token']);
  });

  test('a fresh link can be had once a minute, and voids the one before', async () => {
    const { email, user } = await newPerson(desk);
    const first = mailedToken(desk, email);
    expect(errorsOf(await sendVerification(desk.services, user.id))).toEqual(['TOO_MANY_ATTEMPTS']);
    desk.pass(MINUTE + 1);
    const outcomes = await Promise.all([1, 2, 3].map(() => sendVerification(desk.services, user.id)));
    expect(outcomes.filter(({ ok }) => ok)).toEqual([{ ok: true, value: email }]);
    expect(errorsOf(await verify(first))).toEqual(['TOKEN_INVALID token']);
    expect((await verify(mailedToken(desk, email))).ok).toBe(true);
    desk.pass(MINUTE + 1);
    expect(errorsOf(await sendVerification(desk.services, user.id))).toEqual(['EMAIL_ALREADY_VERIFIED']);
  });

  test('a new address counts once it is verified, and the old one is told', async () => {
    const { email, user, actor } = await newPerson(desk);
    const fresh = newAddress();
    const changed = await updateProfile(desk.services, actor, user.id, { expectedVersion: 1, email: fresh });
    expect(changed).toMatchObject({ ok: true, value: { email, pendingEmail: fresh } });
    expect((await verify(mailedToken(desk, fresh))).ok).toBe(true);
    expect(await userOf(user.id)).toMatchObject({ email: fresh, emailKey: fresh, pendingEmail: null });
    expect(desk.mails.at(-1)).toMatchObject({ to: email, text: expect.stringContaining('was changed') });
  });

  test('taking a change of address back voids its link', async () => {
    const { email, user, actor } = await newPerson(desk);
    const fresh = newAddress();
    await updateProfile(desk.services, actor, user.id, { expectedVersion: 1, email: fresh });
    await updateProfile(desk.services, actor, user.id, { expectedVersion: 2, email });
    expect(errorsOf(await verify(mailedToken(desk, fresh)))).toEqual(['TOKEN_INVALID token']);
    expect(await userOf(user.id)).toMatchObject({ email, pendingEmail: null });
  });

  test('of two who wait for one address the first to verify gets it', async () => {
    const [ada, bob] = [await newPerson(desk), await newPerson(desk)];
    const wanted = newAddress();
    await updateProfile(desk.services, ada.actor, ada.user.id, { expectedVersion: 1, email: wanted });
    const adas = mailedToken(desk, wanted);
    await updateProfile(desk.services, bob.actor, bob.user.id, { expectedVersion: 1, email: wanted });
    const bobs = mailedToken(desk, wanted);
    expect((await verify(bobs)).ok).toBe(true);
    expect(errorsOf(await verify(adas))).toEqual(['EMAIL_TAKEN token']);
    expect(await userOf(ada.user.id)).toMatchObject({ email: ada.email });
  });

  test('a profile is edited field by field, null removes, and what is left out stays', async () => {
    const { user, actor } = await newPerson(desk);
    const edit = (
      typed: Omit<Parameters<typeof updateProfile>[3], 'expectedVersion'>,
      expectedVersion: number,
    ) => updateProfile(desk.services, actor, user.id, { ...typed, expectedVersion });
    await edit({ givenName: 'Ada', familyName: 'Lovelace', phone: '+44 20 7946 0000', locale: 'fr' }, 1);
    const second = await edit({ givenName: null, displayName: 'A. L.' }, 2);
    expect(second).toMatchObject({
      ok: true,
      value: {
        givenName: null,
        familyName: 'Lovelace',
        phone: '+442079460000',
        locale: 'fr',
        displayName: 'A. L.',
        version: 3,
      },
    });
    expect(errorsOf(await edit({ displayName: 'late' }, 2))).toEqual(['VERSION_CONFLICT expectedVersion']);
    expect(
      errorsOf(await edit({ displayName: '\n', phone: '1', email: 'x', givenName: '', locale: '-' }, 3)),
    ).toEqual([
      'VALUE_INVALID displayName',
      'VALUE_INVALID givenName',
      'VALUE_INVALID phone',
      'VALUE_INVALID locale',
      'EMAIL_MALFORMED email',
    ]);
    // The name to show and the language cannot be removed; null leaves them.
    expect(await edit({ displayName: null, locale: null }, 3)).toMatchObject({
      ok: true,
      value: { displayName: 'A. L.' },
    });
  });

  test('an address of another account is refused, one’s own is no change', async () => {
    const [ada, bob] = [await newPerson(desk), await newPerson(desk)];
    const edit = (email: string, expectedVersion: number) =>
      updateProfile(desk.services, ada.actor, ada.user.id, { expectedVersion, email });
    expect(errorsOf(await edit(bob.email.toUpperCase(), 1))).toEqual(['EMAIL_TAKEN email']);
    expect(await edit(ada.email, 1)).toMatchObject({ ok: true, value: { pendingEmail: null } });
  });

  test('one network cannot open accounts without end', async () => {
    const network = '192.0.2.0/24';
    let tries = EARLIER;
    for (let i = 0; i < EARLIER; i++) await beginAttemptOfPlace(desk.services, guest(network));
    while ((await open({}, network)).ok && tries < 150) tries += 1;
    expect(tries).toBe(101);
  });

  test('nobody edits an account that is gone', async () => {
    const outcome = await updateProfile(desk.services, acting({}), 'usr_gone', { expectedVersion: 1 });
    expect(errorsOf(outcome)).toEqual(['USER_NOT_FOUND']);
  });
});
