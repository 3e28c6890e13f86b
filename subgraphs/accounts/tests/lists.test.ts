/** Lists: pages, filters, bounds, and how many queries they take. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { addAddress } from '../domain/address-book.ts';
import { createApiKey } from '../domain/api-keys.ts';
import { requestExport } from '../domain/privacy-requests.ts';
import { updateProfile } from '../domain/profile.ts';
import { SCOPE_NAMES } from '../domain/scopes.ts';
import { startSession } from '../domain/sessions.ts';
import { suspendUser } from '../domain/suspension.ts';
import { acting, guest, MINUTE, newPerson, type Person } from './desk.ts';
import { openRoom, type TestRoom } from './room.ts';

const postal = {
  recipient: 'Ada',
  line1: 'Torstraße 1',
  city: 'Berlin',
  postalCode: '10119',
  countryCode: 'DE',
};
const staff = { userId: 'usr_staff', scopes: SCOPE_NAMES };

withPostgres('Lists of accounts', () => {
  let room: TestRoom;
  const people: Person[] = [];
  let half: Date;

  beforeAll(async () => {
    room = await openRoom();
    const { desk } = room;
    for (let i = 0; i < 12; i++) {
      const person = await newPerson(desk, i % 4 === 0 ? ['moderator'] : []);
      people.push(person);
      for (let j = 0; j < 3; j++) {
        await addAddress(desk.services, person.user.id, {
          label: `${j}`,
          postal,
          isDefaultShipping: j === 1,
          isDefaultBilling: j === 2,
        });
      }
      await requestExport(desk.services, person.actor, person.user.id);
      desk.pass(MINUTE);
      if (i === 5) half = desk.services.now();
    }
    for (let i = 0; i < 3; i++)
      await startSession(desk.services.db, desk.services, guest(), people[1]!.user.id);
    const edits = { expectedVersion: 1, displayName: 'Zoë Quill', givenName: 'Zoë', familyName: 'Quill' };
    await updateProfile(desk.services, people[3]!.actor, people[3]!.user.id, edits);
    await suspendUser(desk.services, acting(staff), { userId: people[7]!.user.id, reason: 'test' });
    for (const name of ['a', 'b', 'c']) {
      await createApiKey(desk.services, acting({ ...staff, userId: people[0]!.user.id }), {
        name,
        scopes: ['orders:read'],
      });
    }
  });
  afterAll(() => room.close());

  const newestFirst = () => people.map(({ user }) => user.id).reverse();
  const users = async (args: string) => {
    const { data, errors } = await room.ask(
      `{ users${args} { nodes { id } edges { cursor } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      {},
      staff,
    );
    if (errors.length > 0) throw new Error(errors[0]!.message);
    return { ...data.users, ids: data.users.nodes.map(({ id }: { id: string }) => id) };
  };

  test('users come newest first, page by page, and back again', async () => {
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const page = await users(`(first: 5${after})`);
      seen.push(...page.ids);
      expect(page.totalCount).toBe(12);
      if (!page.pageInfo.hasNextPage) break;
      after = `, after: "${page.pageInfo.endCursor}"`;
    }
    expect(seen).toEqual(newestFirst());
    const last = await users('(last: 5)');
    expect(last.ids).toEqual(newestFirst().slice(-5));
    const before = await users(`(last: 5, before: "${last.pageInfo.startCursor}")`);
    expect(before.ids).toEqual(newestFirst().slice(-10, -5));
    expect(before.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  test.each([
    ['a role', 'role: "moderator"', [8, 4, 0]],
    ['a state', 'status: SUSPENDED', [7]],
    ['a name', 'query: "zoë qu"', [3]],
    ['a last name', 'query: "QUILL"', [3]],
    ['nothing', 'query: "qu%"', []],
    ['a role and a name', 'role: "moderator", query: "ada"', [8, 4, 0]],
  ])('users are narrowed by %s', async (_, filter, expected) => {
    const page = await users(`(filter: { ${filter} })`);
    expect(page.ids).toEqual(expected.map((index) => people[index]!.user.id));
    expect(page.totalCount).toBe(expected.length);
  });

  test('users are narrowed by the beginning of an address, and by when they came', async () => {
    const wanted = people[2]!;
    expect((await users(`(filter: { query: "${wanted.email.slice(0, -4).toUpperCase()}" })`)).ids).toEqual([
      wanted.user.id,
    ]);
    expect((await users(`(filter: { createdAt: { to: "${half.toISOString()}" } })`)).ids).toEqual(
      newestFirst().slice(6),
    );
    expect((await users(`(filter: { createdAt: { from: "${half.toISOString()}" } })`)).ids).toEqual(
      newestFirst().slice(0, 6),
    );
    expect((await users('(filter: { createdAt: { to: "1960-01-01T00:00:00Z" } })')).ids).toEqual([]);
  });

  test.each([
    ['first: 0', '`first` must be from 1 to 100'],
    ['first: -1', '`first` must be from 1 to 100'],
    ['first: 101', '`first` must be from 1 to 100'],
    ['first: 1, last: 1', '`first` and `last` cannot be used together'],
    ['after: "junk"', '`after` is not a page cursor'],
    ['filter: { query: "a\\u0000b" }', '`filter.query` must be one line'],
    ['filter: { query: " " }', '`filter.query` must be one line'],
  ])('(%s) is refused with a word on what to do', async (args, message) => {
    const { errors, data } = await room.ask(`{ users(${args}) { nodes { id } } }`, {}, staff);
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(data).toEqual({ users: null });
  });

  test('a cursor of another list, or a changed one, is told apart', async () => {
    const { data } = await room.ask(
      '{ apiKeys(first: 1) { pageInfo { endCursor } nodes { name createdBy { id } } } }',
      {},
      staff,
    );
    expect(data.apiKeys.nodes).toEqual([{ name: 'c', createdBy: { id: people[0]!.user.id } }]);
    const cursor = data.apiKeys.pageInfo.endCursor as string;
    const foreign = await room.ask(`{ users(after: "${cursor}") { nodes { id } } }`, {}, staff);
    expect(foreign.errors[0]?.message).toContain('cursor of another list');
    const changed = `${cursor.slice(0, -3)}${cursor.at(-3) === 'x' ? 'y' : 'x'}${cursor.slice(-2)}`;
    const { errors } = await room.ask(`{ apiKeys(after: "${changed}") { nodes { id } } }`, {}, staff);
    expect(errors[0]?.message).toContain('damaged page cursor');
  });

  test.each([
    [
      '{ user(id: "ses_01ARZ3NDEKTSV4RRFFQ69G5FAV") { id } }',
      '`id` must be the id of a user, which begins with usr_',
    ],
    ['{ privacyRequest(id: "x") { id } }', '`id` must be the id of a privacy request'],
    [
      '{ auditLog(filter: { actorId: "nobody" }) { nodes { id } } }',
      '`filter.actorId` must be the id of a user',
    ],
    [
      'mutation { userReinstate(input: { userId: "key_1" }) { user { id } } }',
      '`input.userId` must be the id of a user',
    ],
  ])('%s names an id of another type', async (query, message) => {
    const { errors } = await room.ask(query, {}, staff);
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test('the audit log is read newest first, narrowed by whom, what and when', async () => {
    const log = async (filter: string) => {
      const { data } = await room.ask(
        `{ auditLog(first: 100, filter: { ${filter} }) { nodes { action actor { id } subject { id } apiKey { id } details requestId occurredAt } } }`,
        {},
        staff,
      );
      return data.auditLog.nodes;
    };
    const suspended = people[7]!.user.id;
    expect(await log(`subjectId: "${suspended}", actions: [SUSPENDED, REINSTATED]`)).toEqual([
      {
        action: 'SUSPENDED',
        actor: null,
        subject: { id: suspended },
        apiKey: null,
        details: { reason: 'test' },
        requestId: 'test-request',
        occurredAt: expect.any(String),
      },
    ]);
    const made = await log(`actorId: "${people[0]!.user.id}", actions: [API_KEY_CREATED]`);
    expect(made).toHaveLength(3);
    expect(await log(`occurredAt: { to: "${half.toISOString()}" }, actions: [SIGNED_UP]`)).toHaveLength(6);
  });

  const DEEP = `{ users(first: 12) { nodes {
    id profile { email defaultShippingAddress { id } defaultBillingAddress { id } }
    addresses(first: 2) { nodes { id label } pageInfo { hasNextPage } }
    security { mfaEnabled recoveryCodesLeft } roles { name }
    privacyRequests(first: 5) { nodes { id domains { domain state } user { id } } }
  } } }`;

  test('twelve users with all that hangs on them take one query a table', async () => {
    const { data, errors, trips } = await room.ask(DEEP, {}, staff);
    expect(errors).toEqual([]);
    expect(trips).toBe(8);
    for (const user of data.users.nodes) {
      expect(user.addresses).toEqual({
        nodes: [
          { id: expect.anything(), label: '2' },
          { id: expect.anything(), label: '1' },
        ],
        pageInfo: { hasNextPage: true },
      });
      expect(user.privacyRequests.nodes).toHaveLength(1);
      expect(user.privacyRequests.nodes[0].domains).toHaveLength(3);
      expect(user.profile.defaultBillingAddress.id).toBe(user.addresses.nodes[0].id);
    }
  });

  test('the registered operations keep to their budgets', async () => {
    const viewer = { userId: people[0]!.user.id, sessionId: people[0]!.sessionId };
    const own =
      '{ viewer { id displayName sessions { nodes { id isCurrent lastUsedAt } } addresses { nodes { id } } } }';
    expect((await room.ask(own, {}, viewer)).trips).toBe(3);
    const file = `{ user(id: "${viewer.userId}") { id displayName profile { email emailVerified status version } security { mfaEnabled }
      roles { name } privacyRequests(first: 5) { nodes { id kind state dueAt domains { domain state records } } } } }`;
    expect((await room.ask(file, {}, staff)).trips).toBe(5);
  });

  test('a list of one’s own goes both ways by last use', async () => {
    const { user, sessionId } = people[1]!;
    const page = async (args: string) => {
      const { data } = await room.ask(
        `{ viewer { sessions(${args}) { nodes { id } pageInfo { endCursor hasNextPage } } } }`,
        {},
        { userId: user.id, sessionId },
      );
      return data.viewer.sessions;
    };
    const first = await page('first: 3');
    const rest = await page(`first: 3, after: "${first.pageInfo.endCursor}"`);
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(rest.nodes).toEqual([{ id: sessionId }]);
    expect((await page('last: 1')).nodes).toEqual(rest.nodes);
  });
});
