import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { takeAnswer, workOnPrivacyRequests } from '../domain/privacy-work.ts';
import { deleteArchivesCompletedBefore } from '../store/privacy-requests.ts';
import { DAY, MINUTE, newPerson, PASSWORD } from '../tests/desk.ts';
import { openRoom, type TestRoom } from '../tests/room.ts';

withPostgres('The archive of an export', () => {
  let room: TestRoom;
  beforeAll(async () => {
    room = await openRoom();
  });
  afterAll(() => room.close());
  const call: TestRoom['call'] = (...args) => room.call(...args);

  test('an export is asked for, followed and fetched; an erasure asked for and taken back', async () => {
    const { user, email } = await newPerson(room.desk);
    const viewer = { userId: user.id };
    const exported = await call(
      'dataExportRequest',
      null,
      'request { id state kind runsAt dueAt downloadUrl user { id } domains { domain state } }',
      viewer,
    );
    expect(exported.request).toMatchObject({
      state: 'RUNNING',
      kind: 'EXPORT',
      downloadUrl: null,
      user: { id: user.id },
    });
    expect(exported.request.domains).toHaveLength(3);
    const { id } = exported.request;

    const { services } = room.desk;
    await workOnPrivacyRequests({ services, log: services.log, ask: async () => {} });
    for (const domain of ['catalog', 'reviews']) {
      await takeAnswer(services, { requestId: id, domain, records: 1, data: { domain } });
    }
    const { data } = await room.ask(
      `{ privacyRequest(id: "${id}") { state downloadUrl completedAt domains { records finishedAt } } }`,
      {},
      viewer,
    );
    expect(data.privacyRequest).toMatchObject({ state: 'COMPLETED', completedAt: expect.any(String) });
    const link = new URL(data.privacyRequest.downloadUrl);
    expect(link.origin).toBe('https://shop.test');
    const fetched = await room.send('GET', link.pathname, { query: link.search.slice(1) });
    expect(fetched.status).toBe(200);
    expect(fetched.headers['content-disposition']).toContain(`${id}.json`);
    const archive = JSON.parse(fetched.body.toString());
    expect(archive).toMatchObject({
      user: user.id,
      domains: { accounts: { profile: { email } }, reviews: { domain: 'reviews' } },
    });

    const other = (await newPerson(room.desk)).user.id;
    expect(
      (await room.ask(`{ privacyRequest(id: "${id}") { id } }`, {}, { userId: other })).data.privacyRequest,
    ).toBeNull();
    const forged = await room.send('GET', link.pathname, {
      query: link.search.slice(1).replace(/expires=\d/, 'expires=9'),
    });
    expect([forged.status, forged.body.toString()]).toEqual([
      403,
      expect.stringContaining('not one of ours'),
    ]);
    expect((await room.send('GET', link.pathname)).status).toBe(403);
    await deleteArchivesCompletedBefore(services.db, new Date(services.now().getTime() + DAY));
    const gone = await room.send('GET', link.pathname, { query: link.search.slice(1) });
    expect([gone.status, gone.body.toString()]).toEqual([404, expect.stringContaining('is gone')]);
    room.desk.pass(16 * MINUTE);
    const late = await room.send('GET', link.pathname, { query: link.search.slice(1) });
    expect([late.status, late.body.toString()]).toEqual([403, expect.stringContaining('has expired')]);

    const erasure = await call(
      'dataErasureRequest',
      { password: PASSWORD },
      'request { id state runsAt }',
      viewer,
    );
    expect(erasure.request.state).toBe('WAITING');
    const cancelled = await call(
      'privacyRequestCancel',
      { requestId: erasure.request.id },
      'request { state }',
      viewer,
    );
    expect(cancelled).toEqual({ request: { state: 'CANCELLED' }, userErrors: [] });
  });
});
