import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '@souk/kit/postgres/postgres';
import { withPostgres } from '@souk/kit/tests/stores';
import { findAuditHead, readAuditLog } from '../store/audit-log.ts';
import { acting, type Desk, openDesk } from '../tests/desk.ts';
import { findBreak } from './audit-chain.ts';
import { record } from './record.ts';

/** More than there are connections; of four one fails. */
const AT_ONCE = process.env.SOUK_LONG_TESTS ? 40 : 20;
const KEPT = (AT_ONCE / 4) * 3;

withPostgres('The audit log', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const write = (n: number, fail = false) =>
    inTransaction(desk.services.db, async (tx) => {
      const act = {
        action: 'SIGNED_OUT',
        subjectId: `usr_${n}`,
        details: { n, z: [1, { y: 2, x: 1 }] },
      } as const;
      await record(tx, desk.services, acting({ userId: 'usr_actor' }), act);
      if (fail) throw new Error('rolled back');
    });
  const check = async () => {
    const [head] = await findAuditHead(desk.services.db);
    return findBreak(desk.services.vault, (after) => readAuditLog(desk.services.db, after, 7), head!);
  };
  const table = () => `"${desk.postgres.schema}".audit_log`;

  test('the chain holds when many write at once and some of them fail', async () => {
    await Promise.allSettled(Array.from({ length: AT_ONCE }, (_, n) => write(n, n % 4 === 3)));
    expect(await check()).toEqual({ entries: KEPT });
    const entries = await readAuditLog(desk.services.db, 0, 100);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: KEPT }, (_, n) => n + 1));
    expect(entries.every(({ id }, n) => n === 0 || id !== entries[n - 1]!.id)).toBe(true);
  });

  test('an event and an entry are written with the change, or not at all', async () => {
    const { rows: before } = await desk.postgres.client.query(
      `select count(*) from "${desk.postgres.schema}".outbox`,
    );
    await inTransaction(desk.services.db, async (tx) => {
      const event = {
        type: 'accounts.key.revoked',
        aggregateId: 'key_1',
        data: { apiKeyId: 'key_1' },
      } as const;
      await record(tx, desk.services, acting({}), { action: 'API_KEY_REVOKED' }, event);
      throw new Error('rolled back');
    }).catch(() => {});
    const { rows: after } = await desk.postgres.client.query(
      `select count(*) from "${desk.postgres.schema}".outbox`,
    );
    expect(after).toEqual(before);
    expect((await check()).entries).toBe(KEPT);
  });

  test('the database itself refuses to change an entry', async () => {
    for (const sql of [
      `update ${table()} set action = 'X'`,
      `delete from ${table()}`,
      `truncate ${table()}`,
    ]) {
      await expect(desk.postgres.client.query(sql)).rejects.toThrow('the audit log is never changed');
    }
  });

  test('who gets round that is found out, and where', async () => {
    await desk.postgres.client.query(`alter table ${table()} disable trigger all`);
    await desk.postgres.client.query(`update ${table()} set subject_id = 'usr_else' where seq = 12`);
    expect((await check()).broken).toMatchObject({
      seq: 12,
      reason: expect.stringContaining('entry 12 (aud_'),
    });
    await desk.postgres.client.query(`delete from ${table()} where seq in (5, 6)`);
    expect((await check()).broken).toEqual({ seq: 5, reason: 'entries 5 to 6 are missing' });
  });
});
