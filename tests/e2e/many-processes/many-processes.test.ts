/** Each room and the router as a process of its own; one room after the other is killed and comes back. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Embedded, startEmbedded } from '@souk/embedded/start';
import { demoSignIns } from '../../../demo/sign-ins.ts';
import { rooms } from '../../../subgraphs/registry.ts';
import { type Client, createClient, operation, signOutEverywhere } from '../client.ts';
import { type Program, run } from '../programs.ts';

const PAGE = { slug: 'beni-ourain-prayer-rug' };
const NAMES = rooms.map(({ name }) => name);
const PUBLIC_URL = 'http://127.0.0.1:4000';
const AT = /is ready at http:\/\/127\.0\.0\.1:(\d+)\/graphql/;

let folder: string;
let embedded: Embedded;
let env: Record<string, string>;
let client: Client;
const running = new Map<string, { program: Program; port: string }>();

async function startRoom(name: string, port = '0'): Promise<void> {
  const program = run('start/dist/subgraph.js', [name, '--port', port], env);
  running.set(name, { program, port: (await program.says(AT))[1]! });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-many-processes-'));
  embedded = await startEmbedded({ dataDir: folder });
  const { postgres, mongodb, redis } = embedded.urls;
  env = {
    POSTGRES_URL: postgres,
    MONGODB_URL: mongodb,
    REDIS_URL: redis,
    SOUK_DATA_DIR: folder,
    SOUK_VIEWER_KEY: randomBytes(32).toString('hex'),
    SOUK_ACCOUNTS_KEY: randomBytes(32).toString('hex'),
    SOUK_PUBLIC_URL: PUBLIC_URL,
  };
  expect(await run('start/dist/migrate.js', [], env).ended).toBe(0);
  expect(await run('start/dist/seed.js', [], env).ended).toBe(0);
  await Promise.all(NAMES.map((name) => startRoom(name)));
  const urls = NAMES.map((name) => `${name}=http://127.0.0.1:${running.get(name)!.port}/graphql`);
  const router = run('router/dist/main.js', ['--supergraph', 'schema/supergraph.graphql', '--port', '0'], {
    SOUK_VIEWER_KEY: env.SOUK_VIEWER_KEY!,
    ROUTER_SUBGRAPH_URLS: urls.join(','),
    ROUTER_JWKS_URL: `http://127.0.0.1:${running.get('accounts')!.port}/.well-known/jwks.json`,
    ROUTER_JWT_ISSUER: PUBLIC_URL,
    REDIS_URL: redis,
    ROUTER_REVOCATIONS_CHANNEL: 'souk:revocations',
    ROUTER_REVOCATIONS_STREAM: 'souk:revocations:recent',
  });
  const [, url] = await router.says(/(http:\S+)\nThe router is ready/);
  running.set('router', { program: router, port: new URL(url!).port });
  client = createClient(url!);
}, 120_000);

afterAll(async () => {
  await Promise.all([...running.values()].map(({ program }) => program.kill('SIGKILL')));
  await embedded?.stop();
  await rm(folder, { recursive: true, force: true });
});

const page = () => client.ask(operation('storefront', 'product-page'), PAGE);

test('A product page comes out of four processes', async () => {
  const { data, errors } = await page();
  expect(errors).toEqual([]);
  expect(data.productBySlug.reviews.nodes[0].author.displayName).toBeTruthy();
});

test('The shopper signs in at one room and writes to another', async () => {
  const { email, password } = demoSignIns[0]!;
  await client.signIn(email, password);
  const { data } = await client.ask(
    '{ viewer { displayName reviews(first: 2) { nodes { product { title } } } } }',
  );
  expect(data.viewer).toMatchObject({
    displayName: 'Samira H.',
    reviews: { nodes: [expect.anything(), expect.anything()] },
  });
});

test('Who signs out everywhere is out within a second, though the token has not expired', async () => {
  const url = `http://127.0.0.1:${running.get('router')!.port}/graphql`;
  const [leaving, again] = [createClient(url), createClient(url)];
  const { email, password } = demoSignIns[1]!;
  await leaving.signIn(email, password);
  expect(await signOutEverywhere(leaving)).toBeLessThan(1_000);
  // A new sign-in is none of its business.
  await again.signIn(email, password);
  expect((await again.ask('{ viewer { id } }')).data.viewer.id).toBeTruthy();
});

test.each(NAMES)('%s answers nobody but the router', async (name) => {
  const answer = await createClient(`http://127.0.0.1:${running.get(name)!.port}/graphql`).ask(
    '{ _service { sdl } }',
  );
  expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([401, 'UNSIGNED_REQUEST']);
});

describe('a room that is killed', () => {
  const lost: Record<string, (product: Record<string, unknown>) => void> = {
    reviews: (product) => {
      expect(product).toMatchObject({
        title: 'Beni Ourain prayer rug',
        rating: null,
        reviews: null,
        questions: null,
      });
    },
    accounts: (product) => {
      expect(product).toMatchObject({
        title: 'Beni Ourain prayer rug',
        rating: { count: expect.any(Number) },
      });
      const { nodes } = product.reviews as { nodes: { body: string; author: { displayName: unknown } }[] };
      for (const { body, author } of nodes) {
        expect(body).toBeTruthy();
        expect(author.displayName).toBeNull();
      }
    },
    catalog: (product) => expect(product).toBeNull(),
  };

  test.each(Object.keys(lost))('%s blanks its own fields, and is back when it is back', async (name) => {
    const { program, port } = running.get(name)!;
    await program.kill('SIGKILL');
    const { status, data, errors } = await page();
    expect(status).toBe(200);
    lost[name]!(data.productBySlug);
    expect(new Set(errors.map(({ extensions }) => extensions.service))).toEqual(new Set([name]));
    await startRoom(name, port);
    const whole = await page();
    expect(whole.errors).toEqual([]);
  });
});

test('An unknown room is told which there are', async () => {
  const program = run('start/dist/subgraph.js', ['cellar'], env);
  expect(await program.ended).toBe(1);
  expect(program.output()).toContain(`There is no subgraph "cellar". There are ${NAMES.join(', ')}.`);
});

test('Every process ends well when it is told to', async () => {
  const codes = await Promise.all([...running.values()].map(({ program }) => program.kill('SIGTERM')));
  expect(codes).toEqual(codes.map(() => 0));
});
