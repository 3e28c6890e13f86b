/** `npm start` on databases of one's own, which are in the way at first, die later and come back; and on what strangers send. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseViewerKeys } from '@souk/kit/auth/viewer';
import { openPostgres } from '@souk/kit/postgres/postgres';
import { newId } from '@souk/kit/values/ids';
import { tokenForUser } from '../../../subgraphs/accounts/domain/access-tokens.ts';
import { createSigningKeys } from '../../../subgraphs/accounts/domain/signing-keys.ts';
import { createVault } from '../../../subgraphs/accounts/domain/vault.ts';
import { type Client, createClient, type Reply } from '../client.ts';
import { type Program, run, runAtPortsOfOld } from '../programs.ts';

const PUBLIC_URL = 'http://127.0.0.1:4000';
const ACCOUNTS_KEY = randomBytes(32).toString('hex');
const PERSON = { email: 'ada@example.com', password: 'a-lamp-in-every-window' };
const SIGN_UP =
  'mutation ($input: UserSignUpInput!) { userSignUp(input: $input) { user { id } userErrors { code } } }';
const HOUR = 60 * 60_000;

let folder: string;
let databases: Program;
let urls: Record<'POSTGRES_URL' | 'MONGODB_URL' | 'REDIS_URL', string>;
let shop: Program;
let url: string;
let client: Client;

const URLS = /POSTGRES_URL=(\S+) MONGODB_URL=(\S+) REDIS_URL=(\S+)/;

const runDatabases = (...flags: string[]) =>
  run('packages/embedded/dist/main.js', ['--data-dir', join(folder, 'databases'), ...flags]);

async function startDatabases(): Promise<void> {
  databases = runDatabases();
  const [, postgres, mongodb, redis] = await databases.says(URLS);
  urls = { POSTGRES_URL: postgres!, MONGODB_URL: mongodb!, REDIS_URL: redis! };
}

/** Where they were before. */
async function startDatabasesAgain(): Promise<void> {
  const ports = Object.entries(urls).map(([name, text]) => [
    `--${name.slice(0, -'_URL'.length).toLowerCase()}-port`,
    new URL(text).port,
  ]);
  databases = await runAtPortsOfOld(() => runDatabases(...(ports.flat() as string[])), URLS);
}

function startShop(): Program {
  shop = run('start/dist/main.js', ['--port', '0', '--seed', 'none', '--data-dir', join(folder, 'shop')], {
    ...urls,
    SOUK_PUBLIC_URL: PUBLIC_URL,
    SOUK_ACCOUNTS_KEY: ACCOUNTS_KEY,
  });
  return shop;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-own-databases-'));
  await startDatabases();
}, 60_000);

afterAll(async () => {
  await Promise.all([shop?.kill('SIGKILL'), databases?.kill('SIGKILL')]);
  await rm(folder, { recursive: true, force: true });
});

const openOwn = () => openPostgres({ url: urls.POSTGRES_URL, service: 'test', maxConnections: 2 });

test('a migration that fails half-way is one message, leaves nothing, and passes once it is mended', async () => {
  const postgres = await openOwn();
  // The last table of the first migration: all others are made before it fails.
  await postgres.client.query('create schema accounts; create table accounts.outbox (theirs text)');
  expect(await startShop().ended).toBe(1);
  expect(shop.output()).toBe(
    'Souk could not start: accounts: migration 0001_accounts failed: relation "outbox" already exists. Nothing of it was applied; mend it and start again.\n',
  );
  const { rows } = await postgres.client.query(
    "select tablename from pg_tables where schemaname = 'accounts'",
  );
  expect(rows).toEqual([{ tablename: 'outbox' }]);
  await postgres.client.query('drop schema accounts cascade');
  await postgres.close();

  await startShop().says(/Souk is ready/);
  url = (await shop.says(/GraphQL and its explorer +(http:\S+)/))[1]!;
  client = createClient(url);
  const input = { ...PERSON, displayName: 'Ada', locale: 'en' };
  const { data } = await client.ask(SIGN_UP, { input });
  expect(data.userSignUp.userErrors).toEqual([]);
}, 60_000);

describe('what strangers send is refused, and the process goes on', () => {
  const post = async (body: string | Buffer, headers: Record<string, string> = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const { errors } = (await response.json()) as Reply;
    return { status: response.status, code: errors?.[0]?.extensions.code };
  };

  test.each([
    ['10 MB', Buffer.alloc(10_000_000, 'a'), 413, 'CONTENT_TOO_LARGE'],
    [
      'no UTF-8',
      Buffer.from('{"query":"{ product(id: \\"\xff\xfe\\") { id } }"}', 'latin1'),
      400,
      'BAD_REQUEST',
    ],
    ['JSON without an end', '{"query":', 400, 'BAD_REQUEST'],
    ['JSON nested 100,000 deep', `{"query":"{ a }","variables":${deep(100_000)}}`, 400, 'BAD_REQUEST'],
    ['an operation nested 1,000 deep', operationOf(1_000), 200, 'OPERATION_TOO_LARGE'],
  ])('%s', async (_, body, status, code) => {
    expect(await post(body)).toEqual({ status, code });
  });

  test('tokens that are forged or expired', async () => {
    const postgres = await openOwn();
    const vault = createVault(parseViewerKeys(ACCOUNTS_KEY));
    const signingKeys = createSigningKeys({ db: postgres.db, vault, newId, now: () => new Date() });
    const tokenOf = async (age: number) => {
      const user = { userId: newId('usr'), sessionId: newId('ses'), roles: [], scopes: [] };
      const now = () => new Date(Date.now() - age);
      const urlsOfRoom = { public: PUBLIC_URL, storefront: PUBLIC_URL };
      return (await tokenForUser({ signingKeys, now, newId, urls: urlsOfRoom }, user)).text;
    };
    const good = await tokenOf(0);
    const expired = await tokenOf(HOUR);
    await postgres.close();
    const [head, , signature] = good.split('.');
    const admin = Buffer.from(JSON.stringify({ sub: newId('usr'), scope: 'users:read' })).toString(
      'base64url',
    );
    const ask = (token: string) => post('{"query":"{ __typename }"}', { authorization: `Bearer ${token}` });
    expect(await ask(good)).toEqual({ status: 200, code: undefined });
    for (const token of [expired, [head, admin, signature].join('.')]) {
      expect(await ask(token)).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    }
  });

  test.each(['first: 0', 'first: -1', 'first: 101', 'first: 1, last: 1', 'after: "x"', 'before: ""'])(
    'a page of %s',
    async (page) => {
      const { data, errors } = await client.ask(`{ products(${page}) { nodes { id } } }`);
      expect([data.products, errors[0]?.extensions.code]).toEqual([null, 'BAD_USER_INPUT']);
    },
  );

  test('ids of another type', async () => {
    const { data, errors } = await client.ask(`{ product(id: "${newId('usr')}") { id } }`);
    expect(data.product).toBeNull();
    expect(errors[0]?.message).toContain('begins with prd_');
  });

  test('and whoever asks properly is answered', async () => {
    expect(await client.ask('{ products { nodes { id } } }')).toMatchObject({ status: 200, errors: [] });
  });
});

test('databases that die are told, and when they are back, all that was acknowledged is there', async () => {
  const health = async (path: string) => (await fetch(new URL(`/health/${path}`, url))).status;
  const signIn = () => client.signIn(PERSON.email, PERSON.password);
  expect(await health('ready')).toBe(200);
  await databases.kill('SIGKILL');

  const { data, errors } = await client.ask('{ products { nodes { id } } rootCategories { id } }');
  expect(data).toEqual({ products: null, rootCategories: null });
  for (const { extensions } of errors) {
    expect(extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', service: 'catalog' });
  }
  await expect(signIn()).rejects.toThrow();
  await until(async () => (await health('ready')) === 503);
  expect(await health('live')).toBe(200);

  await startDatabasesAgain();
  await until(async () => (await health('ready')) === 200);
  await signIn();
  expect(await client.ask('{ products { nodes { id } } }')).toMatchObject({ status: 200, errors: [] });
  expect(await shop.kill('SIGTERM')).toBe(0);
}, 120_000);

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); ) {
    if (Date.now() > end) throw new Error('it did not come to pass within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function deep(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

function operationOf(levels: number): string {
  const query = `{ rootCategories ${'{ children '.repeat(levels)}{ id }${' }'.repeat(levels)} }`;
  return JSON.stringify({ query });
}
