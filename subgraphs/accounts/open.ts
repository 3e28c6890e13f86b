/** Opens what the room stands on: stores, keys, mail, and what runs beside requests. */
import { isAbsolute, resolve } from 'node:path';
import { postgresOutbox } from '@souk/kit/events/outbox-postgres';
import { startRelay } from '@souk/kit/events/relay';
import { openLiveEvents } from '@souk/kit/live/live-events';
import { migratePostgres } from '@souk/kit/postgres/migrations';
import { openPostgres } from '@souk/kit/postgres/postgres';
import { openRedis } from '@souk/kit/redis/redis';
import { type OnClose, openTogether } from '@souk/kit/room/closers';
import { receivePrivacyAnswers, sendPrivacyCommand } from '@souk/kit/room/privacy';
import { type OpenStores, type RoomEnvironment, urlOf } from '@souk/kit/room/room';
import { newId } from '@souk/kit/values/ids';
import { createSweeper } from '@souk/kit/work/sweeper';
import { type Afterwards, createAfterwards } from './afterwards.ts';
import { ADMIN_ROLE } from './domain/built-in-roles.ts';
import { removeExpired } from './domain/expiry.ts';
import { createPasswords } from './domain/passwords.ts';
import { PRIVACY_DOMAINS } from './domain/privacy-domains.ts';
import { OWN_DOMAIN, takeAnswer, workOnPrivacyRequests } from './domain/privacy-work.ts';
import { SCOPE_NAMES } from './domain/scopes.ts';
import type { Services } from './domain/services.ts';
import { createSigningKeys } from './domain/signing-keys.ts';
import { createVault } from './domain/vault.ts';
import { accountsEvents } from './events.ts';
import { readOrMakeKey } from './key-file.ts';
import type { Mail, Mailer } from './mail/mail.ts';
import { openOutboxFolder } from './mail/outbox-folder.ts';
import { openSmtp } from './mail/smtp.ts';
import { createRevocations } from './revocations.ts';
import type { accountsSettings } from './settings.ts';
import { accountsMigrations } from './store/migrations.ts';
import { widenRole } from './store/roles.ts';
import { outbox as outboxTable, SCHEMA } from './store/tables.ts';

const HOUR_MS = 60 * 60_000;
const ROTATE_EVERY_MS = 10 * 60_000;
const PRIVACY_EVERY_MS = 60_000;

type Environment = RoomEnvironment<typeof accountsSettings>;

export async function openAccounts(environment: Environment): Promise<OpenStores<Services>> {
  return openTogether((onClose) => openAll(environment, onClose));
}

async function openAll(environment: Environment, onClose: OnClose) {
  const { settings, log, metrics, traces } = environment;
  const warn = (message: string) => log.warn(message);
  const postgres = await openPostgres({
    url: urlOf(environment, 'postgres'),
    service: SCHEMA,
    traces,
    warn,
  });
  onClose(postgres.close);
  const { redis, ...redisLife } = await openRedis({
    url: urlOf(environment, 'redis'),
    service: SCHEMA,
    traces,
    warn,
  });
  onClose(redisLife.close);
  await migratePostgres({ client: postgres.client, schema: SCHEMA, migrations: accountsMigrations() });
  const { db } = postgres;
  const outbox = postgresOutbox(db, outboxTable);
  const relay = startRelay({ redis, subgraph: SCHEMA, declared: accountsEvents, outbox, log, metrics });
  onClose(relay.stop);
  const live = openLiveEvents({ redis, declared: accountsEvents, log, metrics });
  onClose(live.stop);
  outbox.onCommit(relay.wake);
  await widenRole(db, ADMIN_ROLE, SCOPE_NAMES);

  const dataDir = isAbsolute(settings.SOUK_DATA_DIR)
    ? settings.SOUK_DATA_DIR
    : resolve(settings.SOUK_DATA_DIR);
  const vault = createVault(settings.SOUK_ACCOUNTS_KEY ?? (await readOrMakeKey(dataDir)));
  const now = () => new Date();
  const signingKeys = createSigningKeys({ db, vault, newId, now });
  // Also finds out at once whether the key is the one that the database was written with.
  await signingKeys.signer();

  const mailer = settings.SMTP_URL
    ? openSmtp(settings.SMTP_URL, settings.SOUK_MAIL_FROM)
    : await openOutboxFolder(resolve(dataDir, 'mail'), settings.SOUK_MAIL_FROM);
  onClose(mailer.close);
  const afterwards = createAfterwards(log);
  onClose(afterwards.finish);

  const services: Services = {
    db,
    outbox,
    log,
    now,
    newId,
    live,
    passwords: await createPasswords(),
    vault,
    signingKeys,
    afterwards: afterwards.run,
    post: (mail) => post(afterwards, mailer, mail),
    revoke: createRevocations(redis, afterwards),
    privacyWork: { wake: () => privacySweeper.wake() },
    privacyDomains: PRIVACY_DOMAINS,
    urls: {
      public: settings.SOUK_PUBLIC_URL,
      storefront: settings.SOUK_STOREFRONT_URL ?? settings.SOUK_PUBLIC_URL,
    },
  };
  const ask = (command: Parameters<typeof sendPrivacyCommand>[1]) => sendPrivacyCommand(redis, command);
  const sweep = (name: string, everyMs: number, round: () => Promise<unknown>) => {
    const sweeper = createSweeper({ name, everyMs, log, round });
    onClose(sweeper.stop);
    return sweeper;
  };
  const privacySweeper = sweep('Work on privacy requests', PRIVACY_EVERY_MS, () =>
    workOnPrivacyRequests({ services, log, ask }),
  );
  sweep('Rotation of signing keys', ROTATE_EVERY_MS, signingKeys.rotate);
  sweep('Removal of what expired', HOUR_MS, () => removeExpired(db, now()));
  onClose(receivePrivacyAnswers(redis, OWN_DOMAIN, (answer) => takeAnswer(services, answer), log).stop);
  // What was under way when the last process ended.
  privacySweeper.wake();
  return {
    stores: services,
    checks: { postgres: postgres.check, redis: redisLife.check, events: relay.check },
  };
}

function post(afterwards: Afterwards, mailer: Mailer, mail: Mail): void {
  afterwards.runWithRetries('Sending a mail', () => mailer.send(mail));
}
