/** Privacy requests followed live, by whom they are about and by those who work on them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomViewerKey, type Viewer } from '@souk/kit/auth/viewer';
import { silentLog } from '@souk/kit/observe/log';
import { createMetrics } from '@souk/kit/observe/metrics';
import { type RunningRoom, startRoom } from '@souk/kit/room/room';
import { parseSettings } from '@souk/kit/settings/settings';
import { following } from '@souk/kit/tests/follow';
import { POSTGRES_URL, REDIS_URL } from '@souk/kit/tests/stores';
import { newId } from '@souk/kit/values/ids';
import { cancelPrivacyRequest, requestErasure, requestExport } from '../domain/privacy-requests.ts';
import { takeAnswer } from '../domain/privacy-work.ts';
import type { Services } from '../domain/services.ts';
import { signUp } from '../domain/sign-up.ts';
import { accounts } from '../index.ts';
import { accountsSettings } from '../settings.ts';
import { acting, guest, newAddress, PASSWORD } from './desk.ts';
import { createOwnDatabase, type OwnDatabase, SHARED_KEY } from './own-database.ts';

const PROGRESSED = `subscription ($id: ID!, $after: EventCursor) { privacyRequestProgressed(id: $id, after: $after) {
  cursor request { id state domains { domain state } user { id } } } }`;

const withBoth = POSTGRES_URL === undefined || REDIS_URL === undefined ? describe.skip : describe;

withBoth('Privacy requests are followed live', () => {
  const key = randomViewerKey();
  let database: OwnDatabase;
  let dataDir: string;
  let running: RunningRoom<Services>;
  let live: ReturnType<typeof following>;

  beforeAll(async () => {
    database = await createOwnDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'souk-accounts-live-'));
    running = await startRoom(accounts, {
      urls: { postgres: database.url, redis: REDIS_URL! },
      settings: parseSettings({
        shape: accountsSettings,
        env: { SOUK_ACCOUNTS_KEY: SHARED_KEY, SOUK_DATA_DIR: dataDir },
      }),
      viewerKeys: [key],
      log: silentLog,
      metrics: createMetrics('accounts'),
    });
    live = following(running.subscribe, key);
  });
  afterAll(async () => {
    await running.stop();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const newPerson = async (): Promise<Viewer & { userId: string }> => {
    const typed = { email: newAddress(), password: PASSWORD, displayName: 'Ada Example', locale: 'en' };
    const opened = await signUp(running.stores, guest(), typed);
    if (!opened.ok) throw new Error(JSON.stringify(opened.errors));
    return { userId: opened.value.user.id, scopes: [] };
  };
  const erasureOf = async (person: Viewer & { userId: string }) => {
    const proof = { password: PASSWORD };
    const asked = await requestErasure(running.stores, acting(person), person.userId, proof);
    if (!asked.ok) throw new Error(JSON.stringify(asked.errors));
    return asked.value.id;
  };

  test('each domain that answers, until the last one, and again from any cursor on', async () => {
    const person = await newPerson();
    const asked = await requestExport(running.stores, acting(person), person.userId);
    const id = asked.ok ? asked.value.id : '';
    const followed = await live.follow(person, PROGRESSED, { id });
    for (const domain of ['catalog', 'reviews'])
      await takeAnswer(running.stores, { requestId: id, domain, records: 1, data: {} });
    const told = [await followed.next()];
    while (told.at(-1).request.state !== 'COMPLETED') told.push(await followed.next());
    await followed.stop();
    expect(told.at(-1).request).toMatchObject({ id, user: { id: person.userId } });
    expect(told.at(-1).request.domains.map(({ state }: { state: string }) => state)).toEqual(
      Array(3).fill('DONE'),
    );

    const staff = { userId: newId('usr'), scopes: ['privacy:write'] };
    const resumed = await live.follow(staff, PROGRESSED, { id, after: told[0].cursor });
    for (const { cursor } of told.slice(1))
      expect(await resumed.next()).toMatchObject({ cursor, request: { state: 'COMPLETED' } });
    await resumed.stop();
  });

  test('what becomes of one that is taken back', async () => {
    const person = await newPerson();
    const id = await erasureOf(person);
    const followed = await live.follow(person, PROGRESSED, { id });
    await cancelPrivacyRequest(running.stores, acting(person), person.userId, id);
    expect((await followed.next()).request).toMatchObject({ id, state: 'CANCELLED' });
    await followed.stop();
  });

  test('by nobody else', async () => {
    const id = await erasureOf(await newPerson());
    const stranger = { userId: newId('usr'), scopes: ['reviews:moderate'] };
    expect(await live.refusal({ scopes: [] }, PROGRESSED, { id })).toBe('UNAUTHENTICATED');
    expect(await live.refusal(stranger, PROGRESSED, { id })).toBe('BAD_USER_INPUT id');
    expect(await live.refusal(stranger, PROGRESSED, { id: newId('prv') })).toBe('BAD_USER_INPUT id');
    expect(await live.refusal(stranger, PROGRESSED, { id: newId('usr') })).toBe('BAD_USER_INPUT id');
  });
});
