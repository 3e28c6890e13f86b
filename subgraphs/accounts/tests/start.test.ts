/** The room as a process of its own: it starts, serves, tells the routers, runs commands, and stops. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseViewerKeys, signViewer, VIEWER_HEADER, type Viewer } from '@souk/kit/auth/viewer';
import type { Served } from '@souk/kit/http/serve';
import { silentLog } from '@souk/kit/observe/log';
import { answerPrivacyCommands } from '@souk/kit/room/privacy';
import { serveRoom } from '@souk/kit/room/serve-room';
import { REDIS_URL, withPostgres } from '@souk/kit/tests/stores';
import { until } from '@souk/kit/tests/until';
import { Redis } from 'ioredis';
import { auditCheck } from '../commands/audit-check.ts';
import { type Command, runCommand } from '../commands/command.ts';
import { keysReplace } from '../commands/keys-replace.ts';
import { privacyRetry } from '../commands/privacy-retry.ts';
import { userRole } from '../commands/user-role.ts';
import { accounts } from '../index.ts';
import { RECENT_REVOCATIONS, REVOCATIONS_CHANNEL } from '../revocations.ts';
import { claimsOf, newAddress, PASSWORD } from './desk.ts';
import { createOwnDatabase, type OwnDatabase, SHARED_KEY } from './own-database.ts';

const VIEWER_KEY = Buffer.alloc(32, 7).toString('hex');
const [viewerKey] = parseViewerKeys(VIEWER_KEY);

withPostgres('The room on its own', () => {
  let database: OwnDatabase;
  let served: Served;
  let redis: Redis;
  const dataDir = mkdtempSync(join(tmpdir(), 'souk-accounts-'));
  const env = () => ({
    ACCOUNTS_POSTGRES_URL: database.url,
    REDIS_URL,
    SOUK_VIEWER_KEY: VIEWER_KEY,
    SOUK_ACCOUNTS_KEY: SHARED_KEY,
    SOUK_DATA_DIR: dataDir,
    SOUK_LOG_LEVEL: 'silent',
    HOST: '127.0.0.1',
    PORT: '0',
  });
  const start = (more: Record<string, string | undefined> = {}) =>
    serveRoom(accounts, { env: { ...env(), ...more }, args: [] });

  beforeAll(async () => {
    database = await createOwnDatabase();
    redis = new Redis(REDIS_URL!);
    served = await start();
  });
  afterAll(async () => {
    await served.stop();
    redis.disconnect();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const ask = async (query: string, variables: object = {}, viewer: Partial<Viewer> = {}) => {
    const response = await fetch(`${served.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [VIEWER_HEADER]: signViewer({ scopes: [], ...viewer }, viewerKey),
      },
      body: JSON.stringify({ query, variables }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not.
    return (await response.json()) as { data: any; errors?: { message: string }[] };
  };
  const signUp = async () => {
    const email = newAddress();
    const { data } = await ask(
      `mutation ($input: UserSignUpInput!) { userSignUp(input: $input) { user { id } tokens { accessToken } userErrors { code } } }`,
      { input: { email, password: PASSWORD, displayName: 'Ada' } },
    );
    const { user, tokens } = data.userSignUp;
    const { sid } = claimsOf(tokens.accessToken) as { sid: string };
    return { email, userId: user.id as string, sessionId: sid };
  };
  const run = (command: Command, ...args: string[]) => runCommand(command, env(), args);

  test('it is ready, and several processes may start on one database at once', async () => {
    const others = await Promise.all([start(), start()]);
    for (const { url } of [served, ...others]) {
      const ready = await fetch(`${url}/health/ready`);
      expect(await ready.json()).toEqual({
        status: 'ready',
        checks: { postgres: 'up', redis: 'up', events: 'up' },
      });
    }
    const keySets = await Promise.all(
      others.map(async ({ url }) => (await fetch(`${url}/.well-known/jwks.json`)).text()),
    );
    expect(new Set(keySets).size).toBe(1);
    await Promise.all(others.map((other) => other.stop()));
  });

  test('a sign-up leaves its mail in the folder of an operator who has set no mail server', async () => {
    const { email } = await signUp();
    // A stop waits for mails; starting anew costs less than waiting for a moment that nobody announces.
    await served.stop();
    served = await start();
    expect(readdirSync(join(dataDir, 'mail')).filter((file) => file.includes(email))).toHaveLength(1);
  });

  test('the routers hear of a revocation within a second, and one that starts later finds it', async () => {
    const listener = new Redis(REDIS_URL!);
    await listener.subscribe(REVOCATIONS_CHANNEL);
    const hear = async () => {
      const { userId, sessionId } = await signUp();
      const heard = new Promise<string>((resolve) => {
        listener.on('message', (_, text: string) => {
          if (text.includes(sessionId)) resolve(text);
        });
      });
      const started = Date.now();
      const query =
        'mutation ($input: SessionRevokeInput!) { sessionRevoke(input: $input) { session { id } } }';
      await ask(query, { input: { sessionId } }, { userId, sessionId });
      const { at, ...what } = JSON.parse(await heard) as { at: string };
      const took = Date.now() - started;
      expect(what).toEqual({ sessionId });
      const revokedAt = Date.parse(at);
      expect(revokedAt >= started && revokedAt <= started + took).toBe(true);
      const recent = await redis.xrevrange(RECENT_REVOCATIONS, '+', '-', 'COUNT', 20);
      expect(JSON.stringify(recent)).toContain(sessionId);
      return took;
    };
    expect(await hear()).toBeLessThan(1_000);
    listener.disconnect();
  });

  test('an export goes through the other domains and comes back', async () => {
    const { userId } = await signUp();
    const duties = {
      exportUser: async (id: string) => ({ records: 1, data: { reviewsOf: id } }),
      eraseUser: async () => ({ records: 0 }),
    };
    const others = ['catalog', 'reviews'].map((domain) =>
      answerPrivacyCommands({ redis, domain, duties, log: silentLog }),
    );
    await ask('mutation { dataExportRequest { request { id } } }', {}, { userId });
    const downloadUrl = await until<string>(async () => {
      const query = '{ viewer { privacyRequests { nodes { state downloadUrl } } } }';
      const [request] = (await ask(query, {}, { userId })).data.viewer.privacyRequests.nodes;
      return request.state === 'COMPLETED' && request.downloadUrl;
    });
    await Promise.all(others.map((other) => other.stop()));
    const link = new URL(downloadUrl);
    const archive = await fetch(`${served.url}${link.pathname}${link.search}`);
    expect(await archive.json()).toMatchObject({ user: userId, domains: { reviews: { reviewsOf: userId } } });
  });

  test('commands: the first admin is made, the audit log is checked, keys are replaced, a failed request is retried', async () => {
    const { email, userId } = await signUp();
    expect(await run(userRole, '--email', email.toUpperCase(), '--role', 'admin')).toMatchObject({
      status: 0,
    });
    expect((await run(userRole, '--email', email, '--role', 'admin')).text).toContain('already');
    expect(await run(userRole, '--email', 'nobody@example.com', '--role', 'admin')).toMatchObject({
      status: 1,
    });
    expect(await run(userRole, '--email', email, '--role', 'pirate')).toMatchObject({ status: 1 });
    expect(await run(userRole)).toMatchObject({ status: 2 });
    await expect(run(userRole, '--mail', email)).rejects.toThrow("Unknown option '--mail'");
    const { data } = await ask('{ viewer { roles { name scopes } } }', {}, { userId });
    expect(data.viewer.roles[0].scopes.length).toBeGreaterThan(20);

    const checked = await run(auditCheck);
    expect(checked).toMatchObject({
      status: 0,
      text: expect.stringMatching(/^The audit log holds: \d+ entries\./),
    });
    const seen = /--seen: (\S+)/.exec(checked.text)![1]!;
    await signUp();
    expect(await run(auditCheck, '--seen', seen)).toMatchObject({ status: 0 });
    const forged = `${seen.slice(0, -1)}${seen.endsWith('0') ? '1' : '0'}`;
    expect(await run(auditCheck, '--seen', forged)).toMatchObject({
      status: 1,
      text: expect.stringContaining('cut'),
    });
    expect(await run(auditCheck, '--seen', 'x')).toMatchObject({ status: 2 });

    const keys = async () => (await fetch(`${served.url}/.well-known/jwks.json`)).text();
    const before = await keys();
    expect((await run(keysReplace)).text).toMatch(/jwk_\w+ signs/);
    expect(before).toContain('jwk_');
    expect(await run(privacyRetry, '--request', 'prv_none')).toMatchObject({ status: 1 });
    expect(await run(privacyRetry)).toMatchObject({ status: 2 });
    await expect(runCommand(auditCheck, {}, [])).rejects.toThrow('POSTGRES_URL is not set');
  });

  test('a start that cannot work is one message', async () => {
    await expect(start({ SOUK_ACCOUNTS_KEY: Buffer.alloc(32, 9).toString('hex') })).rejects.toThrow(
      /SOUK_ACCOUNTS_KEY does not open a signing-key of the database/,
    );
    await expect(start({ SOUK_STOREFRONT_UR: 'https://x.test' })).rejects.toThrow(
      'did you mean SOUK_STOREFRONT_URL?',
    );
    await expect(start({ PORT: String(served.port) })).rejects.toThrow(
      `port ${served.port} on 127.0.0.1 is taken`,
    );
    expect((await fetch(`${served.url}/health/ready`)).status).toBe(200);
  });
});
