import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { findEnabledFactors } from '../store/second-factors.ts';
import { authenticators } from '../store/tables.ts';
import { type Desk, MINUTE, newPerson, openDesk, PASSWORD } from '../tests/desk.ts';
import { confirm, disable, enroll, regenerateRecoveryCodes } from './second-factor.ts';
import { acceptCode } from './second-factor-proof.ts';
import { codeAt } from './totp.ts';

withPostgres('The second factor', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const codeOf = (outcome: { ok: true } | { ok: false; errors: { code: string }[] }) =>
    outcome.ok ? 'done' : outcome.errors[0]!.code;
  const code = (secret: string) => codeAt(secret, desk.services.now());
  const enrolled = async (userId: string) => {
    const outcome = await enroll(desk.services, userId);
    if (!outcome.ok) throw new Error(codeOf(outcome));
    return outcome.value.secret;
  };
  const withFactor = async () => {
    const person = await newPerson(desk);
    const secret = await enrolled(person.user.id);
    const confirmed = await confirm(desk.services, person.actor, person.user.id, code(secret));
    if (!confirmed.ok) throw new Error(codeOf(confirmed));
    desk.pass(MINUTE);
    return { ...person, secret, recoveryCodes: confirmed.value.recoveryCodes };
  };
  const factorOf = async (userId: string) => (await findEnabledFactors(desk.services.db, [userId]))[0];

  test('nothing changes until a code proves that the authenticator works', async () => {
    const { user, actor } = await newPerson(desk);
    expect(codeOf(await confirm(desk.services, actor, user.id, '123456'))).toBe('MFA_NOT_ENABLED');
    const first = await enrolled(user.id);
    const second = await enrolled(user.id);
    expect(codeOf(await confirm(desk.services, actor, user.id, code(first)))).toBe('CODE_WRONG');
    expect(await factorOf(user.id)).toBeUndefined();
    const outcome = await confirm(desk.services, actor, user.id, code(second));
    expect(outcome).toMatchObject({ ok: true, value: { recoveryCodes: { length: 10 } } });
    expect(await factorOf(user.id)).toEqual({ userId: user.id, recoveryCodesLeft: 10 });
    expect(codeOf(await enroll(desk.services, user.id))).toBe('MFA_ALREADY_ENABLED');
    expect(codeOf(await confirm(desk.services, actor, user.id, code(second)))).toBe('MFA_ALREADY_ENABLED');
  });

  test('the code that confirmed it does not work a second time', async () => {
    const { user, actor } = await newPerson(desk);
    const secret = await enrolled(user.id);
    const used = code(secret);
    await confirm(desk.services, actor, user.id, used);
    expect(await acceptCode(desk.services, user.id, used)).toBeUndefined();
    desk.pass(MINUTE);
    expect(await acceptCode(desk.services, user.id, code(secret))).toBe('totp');
  });

  test('an enrolment that is not confirmed within a quarter of an hour is dropped', async () => {
    const { user, actor } = await newPerson(desk);
    const secret = await enrolled(user.id);
    desk.pass(15 * MINUTE + 1);
    expect(codeOf(await confirm(desk.services, actor, user.id, code(secret)))).toBe('MFA_NOT_ENABLED');
  });

  test('the secret is sealed in the store', async () => {
    const { user, secret } = await withFactor();
    const [row] = (await desk.services.db.select().from(authenticators)).filter(
      ({ userId }) => userId === user.id,
    );
    const opened = desk.services.vault.open('totp-secret', row!.sealedSecret);
    expect(row!.sealedSecret.includes(opened)).toBe(false);
    expect(secret.length).toBe(32);
  });

  test('one of many who use a code at once is let in', async () => {
    const { user, secret, recoveryCodes } = await withFactor();
    const now = code(secret);
    const totps = await Promise.all([1, 2, 3, 4].map(() => acceptCode(desk.services, user.id, now)));
    expect(totps.filter(Boolean)).toEqual(['totp']);
    const recovered = await Promise.all(
      [1, 2, 3, 4].map(() => acceptCode(desk.services, user.id, recoveryCodes[3]!)),
    );
    expect(recovered.filter(Boolean)).toEqual(['recovery-code']);
  });

  test('turning it off needs password and code, and the owner is told', async () => {
    const { user, actor, secret, recoveryCodes, email } = await withFactor();
    const off = (password: string, typed: string) =>
      disable(desk.services, actor, user.id, { password, code: typed });
    expect(codeOf(await off('wrong', code(secret)))).toBe('CREDENTIALS_WRONG');
    expect(codeOf(await off(PASSWORD, '000000'))).toBe('CODE_WRONG');
    expect(codeOf(await off(PASSWORD, recoveryCodes[0]!))).toBe('done');
    expect(await factorOf(user.id)).toBeUndefined();
    expect(desk.mails.at(-1)).toMatchObject({ to: email, text: expect.stringContaining('second factor') });
    expect(codeOf(await off(PASSWORD, recoveryCodes[1]!))).toBe('MFA_NOT_ENABLED');
  });

  test('new recovery codes void the old ones, and cannot be had for an old one', async () => {
    const { user, secret, recoveryCodes } = await withFactor();
    const anew = (typed: string) =>
      regenerateRecoveryCodes(desk.services, user.id, { password: PASSWORD, code: typed });
    expect(codeOf(await anew(recoveryCodes[0]!))).toBe('CODE_WRONG');
    const outcome = await anew(code(secret));
    if (!outcome.ok) throw new Error(codeOf(outcome));
    expect(outcome.value).toHaveLength(10);
    expect(await acceptCode(desk.services, user.id, recoveryCodes[0]!)).toBeUndefined();
    expect(await acceptCode(desk.services, user.id, outcome.value[0]!)).toBe('recovery-code');
    expect((await factorOf(user.id))?.recoveryCodesLeft).toBe(9);
  });
});
