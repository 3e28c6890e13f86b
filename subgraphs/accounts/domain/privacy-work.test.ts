import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { silentLog } from '@souk/kit/observe/log';
import type { PrivacyCommand } from '@souk/kit/room/privacy';
import { withPostgres } from '@souk/kit/tests/stores';
import { listAuditEntries } from '../store/audit-log.ts';
import { findPrivacyData, findPrivacyRequests, findPrivacySteps } from '../store/privacy-requests.ts';
import { outbox } from '../store/tables.ts';
import { findUsers } from '../store/users.ts';
import { DAY, type Desk, guest, MINUTE, newPerson, openDesk, PASSWORD, type Person } from '../tests/desk.ts';
import { addAddress } from './address-book.ts';
import { cancelPrivacyRequest, requestErasure, requestExport } from './privacy-requests.ts';
import { retryPrivacyRequest, takeAnswer, waitAfter, workOnPrivacyRequests } from './privacy-work.ts';
import { refreshSession } from './sessions.ts';
import { signIn } from './sign-in.ts';
import { signUp } from './sign-up.ts';

const postal = {
  recipient: 'Ada',
  line1: 'Torstraße 1',
  city: 'Berlin',
  postalCode: '10119',
  countryCode: 'DE',
};

withPostgres('Privacy requests', () => {
  let desk: Desk;
  let asked: PrivacyCommand[];
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  /** One round of the work; what other domains were asked is kept. */
  const work = async () => {
    asked = [];
    const ask = async (command: PrivacyCommand) => {
      asked.push(command);
    };
    await workOnPrivacyRequests({ services: desk.services, log: silentLog, ask });
    return asked;
  };
  const answer = (requestId: string, domain: string, records = 1, data: unknown = { from: domain }) =>
    takeAnswer(desk.services, { requestId, domain, records, data });
  const requestOf = async (id: string) => (await findPrivacyRequests(desk.services.db, [id]))[0]!;
  const stepsOf = async (id: string) =>
    Object.fromEntries(
      (await findPrivacySteps(desk.services.db, [id])).map((step) => [step.domain, step.state]),
    );
  const codeOf = (outcome: { ok: true } | { ok: false; errors: { code: string }[] }) =>
    outcome.ok ? 'done' : outcome.errors[0]!.code;
  const exportOf = async ({ actor, user }: Person) => {
    const outcome = await requestExport(desk.services, actor, user.id);
    if (!outcome.ok) throw new Error(codeOf(outcome));
    return outcome.value;
  };
  const erase = ({ actor, user }: Person, password = PASSWORD, code?: string) =>
    requestErasure(desk.services, actor, user.id, { password, code });
  const erasureOf = async (person: Person) => {
    const outcome = await erase(person);
    if (!outcome.ok) throw new Error(codeOf(outcome));
    return outcome.value;
  };
  const eventsOf = async (userId: string) =>
    (await desk.services.db.select().from(outbox)).filter(({ data }) => data.userId === userId);

  test('an export starts at once, asks every domain, and is done when all have answered', async () => {
    const person = await newPerson(desk);
    await addAddress(desk.services, person.user.id, {
      postal,
      isDefaultShipping: true,
      isDefaultBilling: false,
    });
    const woken = desk.wakes();
    const { id, state } = await exportOf(person);
    expect(state).toBe('RUNNING');
    expect(desk.wakes()).toBe(woken + 1);
    expect(codeOf(await requestExport(desk.services, person.actor, person.user.id))).toBe(
      'PRIVACY_REQUEST_OPEN',
    );

    const commands = await work();
    expect(commands.map(({ domain }) => domain).sort()).toEqual(['catalog', 'reviews']);
    expect(commands[0]).toMatchObject({
      requestId: id,
      kind: 'EXPORT',
      userId: person.user.id,
      askedBy: 'accounts',
    });
    expect(await stepsOf(id)).toEqual({ accounts: 'DONE', catalog: 'PENDING', reviews: 'PENDING' });

    await answer(id, 'reviews', 3);
    expect((await requestOf(id)).state).toBe('RUNNING');
    await answer(id, 'catalog', 0);
    expect(await requestOf(id)).toMatchObject({ state: 'COMPLETED', completedAt: expect.any(Date) });
    const data = Object.fromEntries(
      (await findPrivacyData(desk.services.db, id)).map((part) => [part.domain, part.data]),
    );
    expect(data).toMatchObject({
      accounts: {
        profile: { email: person.email, displayName: 'Ada Example' },
        addresses: [{ city: 'Berlin' }],
        roles: [{ name: 'customer' }],
        sessions: [{ device: 'Firefox on Linux' }],
        acts: [{ action: 'SIGNED_UP' }, { action: 'EXPORT_REQUESTED' }],
      },
      reviews: { from: 'reviews' },
    });
    expect(JSON.stringify(data)).not.toMatch(/argon2|passwordHash/);
    // The next one may be asked for now.
    expect(codeOf(await requestExport(desk.services, person.actor, person.user.id))).toBe('done');
  });

  test('the domains are told by an event that names them all', async () => {
    const person = await newPerson(desk);
    const { id } = await exportOf(person);
    const [event] = (await eventsOf(person.user.id)).filter(
      ({ type }) => type === 'accounts.privacy.requested',
    );
    expect(event?.data).toEqual({
      requestId: id,
      kind: 'EXPORT',
      userId: person.user.id,
      domains: ['accounts', 'catalog', 'reviews'],
    });
  });

  test('answers that come twice, from strangers or to nobody move nothing', async () => {
    const { id } = await exportOf(await newPerson(desk));
    await work();
    await answer(id, 'reviews', 3);
    await answer(id, 'reviews', 99, { other: true });
    await answer(id, 'pirates', 1);
    await answer('prv_unknown', 'reviews', 1);
    const steps = await findPrivacySteps(desk.services.db, [id]);
    expect(steps.find(({ domain }) => domain === 'reviews')?.records).toBe(3);
    expect(steps).toHaveLength(3);
  });

  test('a domain that does not answer is asked again, ever later, and given up after two days', async () => {
    const person = await newPerson(desk);
    const { id } = await exportOf(person);
    const mine = async () =>
      (await work()).filter(({ requestId }) => requestId === id).map(({ domain }) => domain);
    await mine();
    await answer(id, 'catalog');
    expect(await mine()).toEqual([]);
    let waited = 0;
    let rounds = 1;
    while ((await requestOf(id)).state === 'RUNNING' && rounds < 30) {
      const wait = waitAfter(rounds - 1);
      desk.pass(wait + 1_000);
      waited += wait;
      rounds += 1;
      await mine();
    }
    expect(await requestOf(id)).toMatchObject({ state: 'FAILED', completedAt: null });
    expect(await stepsOf(id)).toEqual({ accounts: 'DONE', catalog: 'DONE', reviews: 'FAILED' });
    expect(rounds).toBe(16);
    expect(waited / DAY).toBeGreaterThan(1.5);
    expect(waited / DAY).toBeLessThan(3);
    // Too late: an operator decides.
    await answer(id, 'reviews');
    expect((await requestOf(id)).state).toBe('FAILED');

    expect(await retryPrivacyRequest(desk.services, id)).toEqual(['reviews']);
    expect(await mine()).toEqual(['reviews']);
    await answer(id, 'reviews');
    expect((await requestOf(id)).state).toBe('COMPLETED');
    expect(await retryPrivacyRequest(desk.services, id)).toEqual([]);
    const told = (await eventsOf(person.user.id)).map(({ type, data }) => [
      type,
      data.domain ?? data.domains,
    ]);
    expect(told.slice(-6)).toEqual([
      ['accounts.privacy.answered', 'accounts'],
      ['accounts.privacy.answered', 'catalog'],
      ['accounts.privacy.failed', 'reviews'],
      ['accounts.privacy.retried', ['reviews']],
      ['accounts.privacy.answered', 'reviews'],
      ['accounts.privacy.completed', undefined],
    ]);
  });

  test('several processes at work ask each domain once', async () => {
    const { id } = await exportOf(await newPerson(desk));
    const all: PrivacyCommand[] = [];
    const ask = async (command: PrivacyCommand) => {
      all.push(command);
    };
    const options = { services: desk.services, log: silentLog, ask };
    await Promise.all([1, 2, 3, 4].map(() => workOnPrivacyRequests(options)));
    expect(all.filter(({ requestId }) => requestId === id)).toHaveLength(2);
  });

  test('when all other domains have forgotten, this one does: nothing personal is left but an id', async () => {
    const person = await newPerson(desk, ['moderator']);
    const { email, user, tokens } = person;
    await addAddress(desk.services, user.id, { postal, isDefaultShipping: true, isDefaultBilling: false });
    const { id } = await erasureOf(person);
    desk.pass(14 * DAY + MINUTE);
    await work();
    expect(asked.filter(({ requestId }) => requestId === id)).toHaveLength(2);
    expect(codeOf(await cancelPrivacyRequest(desk.services, person.actor, user.id, id))).toBe(
      'PRIVACY_REQUEST_STARTED',
    );
    await answer(id, 'catalog', 0);
    await work();
    expect(await stepsOf(id)).toMatchObject({ accounts: 'PENDING', reviews: 'PENDING' });
    await answer(id, 'reviews', 4);
    await work();
    expect(await requestOf(id)).toMatchObject({ state: 'COMPLETED' });
    expect((await stepsOf(id)).accounts).toBe('DONE');
    // Until now the person could sign in, and write to domains that had forgotten them.
    expect(asked.filter(({ requestId }) => requestId === id).map(({ domain }) => domain)).toEqual([
      'catalog',
      'reviews',
    ]);
    await work();
    expect(asked.filter(({ requestId }) => requestId === id)).toEqual([]);

    const [erased] = await findUsers(desk.services.db, [user.id]);
    expect(erased).toMatchObject({ status: 'ERASED', email: null, displayName: null, passwordHash: null });
    const everything = await desk.postgres.client.query<{ text: string }>(
      `select string_agg(x::text, ' ') as text from (
         select to_jsonb(t) as x from "${desk.postgres.schema}".users t where id = $1
         union all select to_jsonb(t) from "${desk.postgres.schema}".addresses t where user_id = $1
         union all select to_jsonb(t) from "${desk.postgres.schema}".sessions t where user_id = $1
         union all select to_jsonb(t) from "${desk.postgres.schema}".user_roles t where user_id = $1
         union all select to_jsonb(t) from "${desk.postgres.schema}".mailed_tokens t where user_id = $1
         union all select to_jsonb(t) from "${desk.postgres.schema}".audit_log t where subject_id = $1
         union all select to_jsonb(t) from "${desk.postgres.schema}".outbox t where data->>'userId' = $1
       ) as rows`,
      [user.id],
    );
    expect(everything.rows[0]!.text).not.toMatch(/Berlin|Ada|example\.com|argon2/);

    expect(desk.revocations).toContainEqual({ userId: user.id, at: expect.any(Date) });
    expect(desk.mails.at(-1)).toMatchObject({ to: email, subject: expect.stringContaining('erased') });
    expect((await refreshSession(desk.services, guest(), tokens.refreshToken)).ok).toBe(false);
    expect(codeOf(await signIn(desk.services, guest(), { email, password: PASSWORD }))).toBe(
      'CREDENTIALS_WRONG',
    );
    // The address is free again, for somebody else.
    expect(
      (await signUp(desk.services, guest(), { email, password: PASSWORD, displayName: 'New', locale: 'en' }))
        .ok,
    ).toBe(true);
    const acts = await listAuditEntries(
      desk.services.db,
      { subjectId: user.id },
      { size: 2, backward: false },
    );
    expect(acts.slice(0, 2).map(({ action, actorId }) => [action, actorId])).toEqual([
      ['ERASED', null],
      ['ERASURE_REQUESTED', user.id],
    ]);
    expect((await eventsOf(user.id)).map(({ type }) => type).slice(-7)).toEqual([
      'accounts.privacy.requested',
      'accounts.privacy.answered',
      'accounts.privacy.answered',
      'accounts.session.ended',
      'accounts.user.erased',
      'accounts.privacy.answered',
      'accounts.privacy.completed',
    ]);
  });

  test('an archive is not kept for longer than a fortnight', async () => {
    const { id } = await exportOf(await newPerson(desk));
    await work();
    await answer(id, 'catalog');
    await answer(id, 'reviews');
    const parts = async () => (await findPrivacyData(desk.services.db, id)).map(({ data }) => data !== null);
    desk.pass(13 * DAY);
    await work();
    expect(await parts()).toEqual([true, true, true]);
    desk.pass(DAY + MINUTE);
    await work();
    expect(await parts()).toEqual([false, false, false]);
  });
});
