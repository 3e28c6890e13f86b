/** What happens out of sight: revocations while Redis is away, sweeping, and the command when the log was touched. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { silentLog } from '@souk/kit/observe/log';
import { withPostgres } from '@souk/kit/tests/stores';
import type { Redis } from 'ioredis';
import { createAfterwards } from '../afterwards.ts';
import { auditCheck } from '../commands/audit-check.ts';
import { removeExpired } from '../domain/expiry.ts';
import { requestPasswordReset } from '../domain/password-change.ts';
import { signIn } from '../domain/sign-in.ts';
import { createRevocations } from '../revocations.ts';
import { attempts, mailedTokens, refreshTokens, sessions } from '../store/tables.ts';
import { DAY, type Desk, guest, newPerson, openDesk } from './desk.ts';

test('a revocation that Redis cannot take fails nobody, and is told once Redis is back', async () => {
  const sent: string[] = [];
  let away = 2;
  const multi = {
    xadd: () => multi,
    publish: (_: string, text: string) => {
      sent.push(text);
      return multi;
    },
    exec: async () => {
      away -= 1;
      if (away === 1) throw new Error('Connection is closed.');
      if (away === 0)
        return [
          [null, '1-1'],
          [new Error('LOADING'), null],
        ];
      return [
        [null, '1-1'],
        [null, 1],
      ];
    },
  };
  const afterwards = createAfterwards(silentLog, [1, 1]);
  const revoke = createRevocations({ multi: () => multi } as unknown as Redis, afterwards);
  const at = new Date('2026-03-01T12:00:00Z');
  await revoke({ sessionId: 'ses_1', at });
  await afterwards.finish();
  expect(sent).toEqual(Array(3).fill('{"sessionId":"ses_1","at":"2026-03-01T12:00:00.000Z"}'));
});

withPostgres('Upkeep', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  test('what has expired is taken out, what lives stays', async () => {
    const { services } = desk;
    const old = await newPerson(desk);
    await signIn(services, guest(), { email: old.email, password: 'wrong' });
    await requestPasswordReset(services, guest(), old.email);
    await desk.settle();
    desk.pass(33 * DAY);
    await newPerson(desk);
    await removeExpired(services.db, services.now());
    const left = async () =>
      Promise.all(
        [sessions, refreshTokens, mailedTokens, attempts].map(
          async (table) => (await services.db.select().from(table)).length,
        ),
      );
    expect(await left()).toEqual([1, 1, 1, 0]);
  });

  test('the audit command ends with 1 and says where the log breaks', async () => {
    await newPerson(desk);
    const store = { ...desk.services };
    expect((await auditCheck(store, [])).status).toBe(0);
    await desk.postgres.client.query(`alter table "${desk.postgres.schema}".audit_log disable trigger all`);
    await desk.postgres.client.query(
      `update "${desk.postgres.schema}".audit_log set actor_id = 'x' where seq = 2`,
    );
    const ending = await auditCheck(store, []);
    expect(ending).toMatchObject({
      status: 1,
      text: expect.stringMatching(/^The audit log holds up to entry 1, and breaks there: entry 2 \(aud_/),
    });
  });
});
