import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { newScope, runInScope } from '@souk/kit/observe/request-scope';
import { withPostgres } from '@souk/kit/tests/stores';
import { listAuditEntries } from '../store/audit-log.ts';
import { findUsers, replacePassword } from '../store/users.ts';
import {
  acting,
  claimsOf,
  DAY,
  type Desk,
  guest,
  MINUTE,
  newAddress,
  newPerson,
  openDesk,
  PASSWORD,
  SECOND,
} from '../tests/desk.ts';
import { beginAttemptOfPlace } from './attempts.ts';
import { createPasswords } from './passwords.ts';
import { confirm, enroll } from './second-factor.ts';
import { completeSignIn, signIn } from './sign-in.ts';
import { reinstateUser, suspendUser } from './suspension.ts';
import { codeAt } from './totp.ts';

/** Of a hundred that are free, those that a test need not make in full. */
const EARLIER = process.env.SOUK_LONG_TESTS ? 0 : 97;

withPostgres('Signing in', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const attempt = (email: string, password = PASSWORD, network?: string) =>
    signIn(desk.services, guest(network), { email, password });
  const codesOf = (outcome: { ok: true } | { ok: false; errors: { code: string }[] }) =>
    outcome.ok ? 'done' : outcome.errors.map(({ code }) => code).join();

  test('the right password opens a session, whose token says who it is and what they may do', async () => {
    const { email, user } = await newPerson(desk, ['moderator']);
    const outcome = await attempt(` ${email.toUpperCase()} `);
    if (!outcome.ok || !('tokens' in outcome.value)) throw new Error('not signed in');
    expect(claimsOf(outcome.value.tokens.accessToken)).toMatchObject({
      sub: user.id,
      iss: 'https://shop.test',
      roles: ['customer', 'moderator'],
      scope: 'catalog:read reviews:moderate',
      sid: expect.stringMatching(/^ses_/),
    });
  });

  test('an unknown address is answered like a wrong password, after the same statements and the same hash', async () => {
    const { email } = await newPerson(desk);
    const verify = jest.spyOn(desk.services.passwords, 'verify');
    const measure = async (address: string) => {
      verify.mockClear();
      const scope = newScope('req');
      const outcome = await runInScope(scope, () => attempt(address, 'a wrong password'));
      return { outcome, hashes: verify.mock.calls.length, trips: scope.roundTrips.postgres };
    };
    const known = await measure(email);
    const unknown = await measure(newAddress());
    const noAddress = await measure('no address at all');
    verify.mockRestore();
    expect(known.outcome).toEqual(unknown.outcome);
    expect(codesOf(known.outcome)).toBe('CREDENTIALS_WRONG');
    expect(unknown).toEqual(known);
    expect(noAddress).toEqual(known);
    expect(known.hashes).toBe(1);
  });

  test('with real costs, time does not tell who has an account', async () => {
    const { email, user } = await newPerson(desk);
    const passwords = await createPasswords();
    await replacePassword(desk.services.db, user.id, { passwordHash: await passwords.hash(PASSWORD) });
    const services = { ...desk.services, passwords };
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    // The quickest of each, since whatever else runs on the machine only ever adds to a time.
    const ratio = () => Math.min(...times.known) / Math.min(...times.unknown);
    const isAlike = () => ratio() > 0.5 && ratio() < 2;
    // Few are enough on a quiet machine. On a busy one both come near their least in time; what differs stays apart.
    for (let round = 0; round < 9 || (round < 60 && !isAlike()); round++) {
      for (const [kind, address] of [
        ['known', email],
        ['unknown', newAddress()],
      ] as const) {
        const started = performance.now();
        await signIn(services, guest(), { email: address, password: `wrong ${round}` });
        times[kind].push(performance.now() - started);
        desk.pass(DAY + MINUTE);
      }
    }
    // Without the hash for nobody it is ten and more.
    expect(ratio()).toBeGreaterThan(0.5);
    expect(ratio()).toBeLessThan(2);
  });

  test('after five failures the next try must wait, ever longer, also with the right password', async () => {
    const { email } = await newPerson(desk);
    for (let i = 0; i < 5; i++) expect(codesOf(await attempt(email, 'wrong'))).toBe('CREDENTIALS_WRONG');
    expect(codesOf(await attempt(email, 'wrong'))).toBe('CREDENTIALS_WRONG');
    const blocked = await attempt(email);
    expect(codesOf(blocked)).toBe('TOO_MANY_ATTEMPTS');
    expect(blocked).toMatchObject({
      errors: [{ kind: 'EXHAUSTED', message: expect.stringContaining('1 second') }],
    });
    desk.pass(1.1 * SECOND);
    expect(codesOf(await attempt(email, 'wrong'))).toBe('CREDENTIALS_WRONG');
    desk.pass(1.1 * SECOND);
    expect(codesOf(await attempt(email))).toBe('TOO_MANY_ATTEMPTS');
    desk.pass(1.1 * SECOND);
    expect(codesOf(await attempt(email))).toBe('done');
    // A success wipes the slate.
    for (let i = 0; i < 5; i++) expect(codesOf(await attempt(email, 'wrong'))).toBe('CREDENTIALS_WRONG');
    expect(codesOf(await attempt(email))).toBe('done');
  });

  test('an address that nobody has is blocked just so', async () => {
    const nobody = newAddress();
    for (let i = 0; i < 6; i++) expect(codesOf(await attempt(nobody))).toBe('CREDENTIALS_WRONG');
    expect(codesOf(await attempt(nobody))).toBe('TOO_MANY_ATTEMPTS');
  });

  test('many tries at once get no further than one by one', async () => {
    const { email } = await newPerson(desk);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => attempt(email, 'wrong')));
    expect(outcomes.filter((outcome) => codesOf(outcome) === 'CREDENTIALS_WRONG')).toHaveLength(6);
  });

  test('one network may try many accounts, but not without end', async () => {
    const network = '203.0.113.0/24';
    let answer = '';
    let tries = EARLIER;
    for (let i = 0; i < EARLIER; i++) await beginAttemptOfPlace(desk.services, guest(network));
    while (answer !== 'TOO_MANY_ATTEMPTS' && tries < 200) {
      answer = codesOf(await attempt(newAddress(), 'wrong', network));
      tries += 1;
    }
    expect(tries).toBe(102);
    expect(codesOf(await attempt(newAddress(), 'wrong', '198.51.100.0/24'))).toBe('CREDENTIALS_WRONG');
  });

  test('a suspended account is told so, but only to who knows the password', async () => {
    const { email, user } = await newPerson(desk);
    const staff = acting({ userId: 'usr_staff', scopes: ['users:write'] });
    await suspendUser(desk.services, staff, { userId: user.id, reason: 'chargebacks' });
    expect(codesOf(await attempt(email, 'wrong'))).toBe('CREDENTIALS_WRONG');
    expect(codesOf(await attempt(email))).toBe('ACCOUNT_SUSPENDED');
    await reinstateUser(desk.services, staff, user.id);
    expect(codesOf(await attempt(email))).toBe('done');
  });

  test('a password hashed at a lower cost is hashed anew', async () => {
    const { email, user } = await newPerson(desk);
    const light = await createPasswords({ memory: 32, passes: 1, lanes: 1 });
    await replacePassword(desk.services.db, user.id, { passwordHash: await light.hash(PASSWORD) });
    expect(codesOf(await attempt(email))).toBe('done');
    const [after] = await findUsers(desk.services.db, [user.id]);
    expect(after?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
    expect(codesOf(await attempt(email))).toBe('done');
  });

  test('what was tried and done stands in the audit log, without an address', async () => {
    const { email, user } = await newPerson(desk);
    await attempt(email, 'wrong');
    await attempt(email);
    const rows = await listAuditEntries(
      desk.services.db,
      { subjectId: user.id },
      { size: 10, backward: false },
    );
    expect(rows.map(({ action }) => action)).toEqual(['SIGNED_IN', 'SIGN_IN_FAILED', 'SIGNED_UP']);
    expect(JSON.stringify(rows.map(({ details }) => details))).not.toContain('@');
  });

  const withSecondFactor = async () => {
    const person = await newPerson(desk);
    const enrolled = await enroll(desk.services, person.user.id);
    if (!enrolled.ok) throw new Error('not enrolled');
    const { secret } = enrolled.value;
    const confirmed = await confirm(
      desk.services,
      person.actor,
      person.user.id,
      codeAt(secret, desk.services.now()),
    );
    if (!confirmed.ok) throw new Error('not confirmed');
    desk.pass(MINUTE);
    return { ...person, secret, recoveryCodes: confirmed.value.recoveryCodes };
  };
  const challengeOf = async (email: string) => {
    const outcome = await attempt(email);
    if (!outcome.ok || !('challenge' in outcome.value)) throw new Error('no challenge');
    return outcome.value.challenge.token;
  };
  const complete = (challengeToken: string, code: string) =>
    completeSignIn(desk.services, guest(), { challengeToken, code });

  test('with a second factor the password gives a challenge, and a code the session', async () => {
    const { email, secret, user } = await withSecondFactor();
    const challenge = await challengeOf(email);
    const code = codeAt(secret, desk.services.now());
    const outcome = await complete(challenge, code);
    if (!outcome.ok) throw new Error(codesOf(outcome));
    expect(claimsOf(outcome.value.accessToken).sub).toBe(user.id);
    // Neither the challenge nor the code works twice.
    expect(codesOf(await complete(challenge, code))).toBe('TOKEN_INVALID');
    expect(codesOf(await complete(await challengeOf(email), code))).toBe('CODE_WRONG');
  });

  test('a recovery code works once, however it is typed', async () => {
    const { email, recoveryCodes } = await withSecondFactor();
    const [first] = recoveryCodes;
    expect(
      codesOf(await complete(await challengeOf(email), ` ${first!.toUpperCase().replace('-', ' ')} `)),
    ).toBe('done');
    expect(codesOf(await complete(await challengeOf(email), first!))).toBe('CODE_WRONG');
  });

  test('a challenge is good for five tries and five minutes', async () => {
    const { email, secret } = await withSecondFactor();
    const challenge = await challengeOf(email);
    for (let i = 0; i < 5; i++) expect(codesOf(await complete(challenge, '000000'))).toBe('CODE_WRONG');
    expect(codesOf(await complete(challenge, codeAt(secret, desk.services.now())))).toBe('TOKEN_INVALID');
    const late = await challengeOf(email);
    desk.pass(5 * MINUTE + SECOND);
    expect(codesOf(await complete(late, codeAt(secret, desk.services.now())))).toBe('TOKEN_INVALID');
  });

  test('new challenges do not make up for wrong codes: the user is blocked over all of them', async () => {
    const { email } = await withSecondFactor();
    const answers: string[] = [];
    for (let i = 0; i < 12; i++) answers.push(codesOf(await complete(await challengeOf(email), '000000')));
    expect(answers.slice(0, 11)).toEqual(Array(11).fill('CODE_WRONG'));
    expect(answers[11]).toBe('TOO_MANY_ATTEMPTS');
  });
});
