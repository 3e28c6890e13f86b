import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { silentLog } from '@souk/kit/observe/log';
import type { PrivacyCommand } from '@souk/kit/room/privacy';
import { withPostgres } from '@souk/kit/tests/stores';
import { findUsers } from '../store/users.ts';
import { DAY, type Desk, guest, MINUTE, newPerson, openDesk, PASSWORD, type Person } from '../tests/desk.ts';
import { cancelPrivacyRequest, oneMonthAfter, requestErasure } from './privacy-requests.ts';
import { workOnPrivacyRequests } from './privacy-work.ts';
import { confirm, enroll } from './second-factor.ts';
import { signIn } from './sign-in.ts';
import { codeAt } from './totp.ts';

withPostgres('Requests to be forgotten', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const asked: PrivacyCommand[] = [];
  const work = () =>
    workOnPrivacyRequests({
      services: desk.services,
      log: silentLog,
      ask: async (command) => {
        asked.push(command);
      },
    });
  const codeOf = (outcome: { ok: true } | { ok: false; errors: { code: string }[] }) =>
    outcome.ok ? 'done' : outcome.errors[0]!.code;
  const erase = ({ actor, user }: Person, password = PASSWORD, code?: string) =>
    requestErasure(desk.services, actor, user.id, { password, code });
  const erasureOf = async (person: Person) => {
    const outcome = await erase(person);
    if (!outcome.ok) throw new Error(codeOf(outcome));
    return outcome.value;
  };

  test('an erasure needs the password, waits a fortnight, and can be taken back until then', async () => {
    const person = await newPerson(desk);
    expect(codeOf(await erase(person, 'wrong'))).toBe('CREDENTIALS_WRONG');
    const { id, runsAt, dueAt, createdAt } = await erasureOf(person);
    expect(runsAt.getTime() - createdAt.getTime()).toBe(14 * DAY);
    expect(dueAt).toEqual(oneMonthAfter(createdAt));
    expect(codeOf(await erase(person))).toBe('PRIVACY_REQUEST_OPEN');
    expect((await findUsers(desk.services.db, [person.user.id]))[0]?.status).toBe('ERASURE_PENDING');
    // Signing in is still possible; else it could not be taken back.
    expect((await signIn(desk.services, guest(), { email: person.email, password: PASSWORD })).ok).toBe(true);
    desk.pass(14 * DAY - MINUTE);
    await work();
    expect(asked.filter(({ requestId }) => requestId === id)).toEqual([]);

    const stranger = await newPerson(desk);
    const cancel = (by: Person) => cancelPrivacyRequest(desk.services, by.actor, by.user.id, id);
    expect(codeOf(await cancel(stranger))).toBe('PRIVACY_REQUEST_NOT_FOUND');
    expect(await cancel(person)).toMatchObject({ ok: true, value: { state: 'CANCELLED' } });
    expect((await cancel(person)).ok).toBe(true);
    expect((await findUsers(desk.services.db, [person.user.id]))[0]?.status).toBe('ACTIVE');
    desk.pass(DAY);
    await work();
    expect(asked.filter(({ requestId }) => requestId === id)).toEqual([]);
  });

  test('with a second factor an erasure needs a code too', async () => {
    const person = await newPerson(desk);
    const enrolled = await enroll(desk.services, person.user.id);
    if (!enrolled.ok) throw new Error('not enrolled');
    const code = () => codeAt(enrolled.value.secret, desk.services.now());
    await confirm(desk.services, person.actor, person.user.id, code());
    desk.pass(MINUTE);
    expect(codeOf(await erase(person))).toBe('CODE_WRONG');
    expect(codeOf(await erase(person, PASSWORD, '000000'))).toBe('CODE_WRONG');
    expect(codeOf(await erase(person, PASSWORD, code()))).toBe('done');
  });
});

test('a month ends on the last of a shorter one', () => {
  expect(oneMonthAfter(new Date('2026-01-31T08:00:00Z'))).toEqual(new Date('2026-02-28T08:00:00Z'));
  expect(oneMonthAfter(new Date('2026-12-15T08:00:00Z'))).toEqual(new Date('2027-01-15T08:00:00Z'));
  expect(oneMonthAfter(new Date('2028-01-30T08:00:00Z'))).toEqual(new Date('2028-02-29T08:00:00Z'));
});
