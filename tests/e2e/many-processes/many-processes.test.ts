/** Each room and the router as a process of its own; one room after the other is killed and comes back. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@souk/kit/tests/until';
import { demoSignIns } from '../../../demo/sign-ins.ts';
import { type Client, createClient, operation, signOutEverywhere } from '../client.ts';
import { run, runInShell } from '../programs.ts';
import { openWire } from '../subscriptions/live-wire.ts';
import { done } from '../subscriptions/stories.ts';
import { NAMES, type Processes, PUBLIC_URL, startProcesses } from './processes.ts';

/** Proven in npm test too, of other programs or one by one in suites of their own. */
const long = process.env.SOUK_LONG_TESTS ? test : test.skip;
const PAGE = { slug: 'beni-ourain-prayer-rug' };

let house: Processes;
let client: Client;

beforeAll(async () => {
  house = await startProcesses();
  client = createClient(house.url);
}, 120_000);

afterAll(() => house?.close());

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
  const url = house.url;
  const { email, password } = demoSignIns[1]!;
  expect(await signOutEverywhere(url, email, password)).toBeLessThan(1_000);
  // A new sign-in is none of its business.
  const again = createClient(url);
  await again.signIn(email, password);
  expect((await again.ask('{ viewer { id } }')).data.viewer.id).toBeTruthy();
});

test.each(NAMES)('%s answers nobody but the router', async (name) => {
  const answer = await createClient(`http://127.0.0.1:${house.running.get(name)!.port}/graphql`).ask(
    '{ _service { sdl } }',
  );
  expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([401, 'UNSIGNED_REQUEST']);
});

describe('Through the router, clients reach what rooms serve beside GraphQL:', () => {
  const atRouter = (path: string) => `http://127.0.0.1:${house.running.get('router')!.port}${path}`;

  test('the keys that tokens are verified with', async () => {
    const { keys } = (await (await fetch(atRouter('/.well-known/jwks.json'))).json()) as { keys: object[] };
    expect(keys[0]).toMatchObject({ kty: 'OKP', use: 'sig' });
  });

  test('the cover of a product', async () => {
    const { data } = await client.ask(
      'query ($slug: String!) { productBySlug(slug: $slug) { cover { url } } }',
      PAGE,
    );
    const cover = new URL(data.productBySlug.cover.url);
    expect(cover.origin).toBe(PUBLIC_URL);
    const answer = await fetch(atRouter(cover.pathname));
    expect(answer.headers.get('content-type')).toContain('image/svg+xml');
    expect(await answer.text()).toMatch(/^<svg/);
    const again = await fetch(atRouter(cover.pathname), {
      headers: { 'if-none-match': answer.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });

  test('the address that an import is uploaded to', async () => {
    const staff = createClient(atRouter('/graphql'));
    const { email, password } = demoSignIns.find(({ is }) => is === 'catalog manager')!;
    await staff.signIn(email, password);
    const { data } = await staff.ask(
      'mutation { productImportStart(input: { format: NDJSON }) { uploadUrl userErrors { message } } }',
    );
    const { pathname, search } = new URL(data.productImportStart.uploadUrl);
    // More than the router takes of an operation.
    const file = `${JSON.stringify({ slug: 'a', note: 'x'.repeat(1_000) })}\n`.repeat(2_000);
    const answer = await fetch(atRouter(pathname + search), { method: 'PUT', body: file });
    expect([answer.status, await answer.json()]).toEqual([202, { rows: 2_000, bytes: file.length }]);
  });

  test('and nothing else of them', async () => {
    const answer = await fetch(atRouter('/oauth/token'), { method: 'POST' });
    expect([answer.status, await answer.json()]).toMatchObject([
      404,
      { errors: [{ message: expect.stringContaining('Nothing is here') }] },
    ]);
  });
});

test('Two processes of the catalog publish what is planned, each product once', async () => {
  await house.startRoom('catalog', 'a second catalog');
  const staff = createClient(house.url);
  const { email, password } = demoSignIns.find(({ is }) => is === 'catalog manager')!;
  await staff.signIn(email, password);
  const { data } = await staff.ask('{ products(first: 20, sort: TITLE) { nodes { id version } } }');
  const products = data.products.nodes as { id: string; version: number }[];
  const takeOff =
    'mutation ($input: ProductUnpublishInput!) { productUnpublish(input: $input) { userErrors { message } } }';
  const plan = `mutation ($input: ProductScheduleSetInput!) {
    productScheduleSet(input: $input) { product { status } userErrors { message } }
  }`;
  const planned = products.map(async ({ id: productId, version }) => {
    await staff.ask(takeOff, { input: { productId, expectedVersion: version } });
    // Where it takes so long to be asked that the time has passed, another time is asked for.
    const product = await until(async () => {
      const publishAt = new Date(Date.now() + 3_000).toISOString();
      const input = { productId, expectedVersion: version + 1, publishAt };
      return (
        ((await staff.ask(plan, { input })).data.productScheduleSet.product as { status: string } | null) ??
        undefined
      );
    });
    expect(product).toEqual({ status: 'SCHEDULED' });
  });
  await Promise.all(planned);

  const ids = products.map(({ id }) => id);
  const now = async () => {
    const query = 'query ($ids: [ID!]!) { productsByIds(ids: $ids) { id status version } }';
    return (await staff.ask(query, { ids })).data.productsByIds as { status: string }[];
  };
  while ((await now()).some(({ status }) => status === 'SCHEDULED'))
    await new Promise((resolve) => setTimeout(resolve, 100));
  // Each act raises the version: off the shelf, planned, and published once.
  const once = products.map(({ id, version }) => ({ id, status: 'PUBLISHED', version: version + 3 }));
  expect(await now()).toEqual(once);
}, 60_000);

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
    await house.running.get(name)!.program.kill('SIGKILL');
    const { status, data, errors } = await page();
    expect(status).toBe(200);
    lost[name]!(data.productBySlug);
    expect(new Set(errors.map(({ extensions }) => extensions.service))).toEqual(new Set([name]));
    await house.startAgain(name);
    const whole = await page();
    expect(whole.errors).toEqual([]);
  });
});

test('Who follows a product is told of it by a room on its own port, and after that was killed goes on', async () => {
  const url = house.url;
  const manager = createClient(url);
  const { email, password } = demoSignIns.find(({ is }) => is === 'catalog manager')!;
  await manager.signIn(email, password);
  const { data } = await manager.ask('{ products(last: 1) { nodes { id version } } }');
  let [{ id, version }] = data.products.nodes;
  const rename = async (title: string) => {
    const input = { productId: id, expectedVersion: version, title };
    const type = 'ProductUpdateInput';
    ({ version } = (await done(manager, 'productUpdate', type, input, 'product { version }')).product);
  };
  const query = operation('storefront', 'product-live');
  const wire = openWire(url, createClient(url), { query, variables: { productIds: [id] } });
  const cursors: unknown[] = [];
  const next = async (): Promise<string> => {
    const { data, errors, extensions } = await wire.next();
    expect(errors).toBeUndefined();
    cursors.push(extensions!.cursor);
    return data.productChanged.product.title;
  };
  // It is told what happens from when it is there, and nobody says when that is.
  let isTold = false;
  const first = next().then(() => {
    isTold = true;
  });
  for (let edition = 1; !isTold; edition++) {
    await rename(`Edition ${edition}`);
    await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 200))]);
  }

  await rename('Before the kill');
  await house.running.get('catalog')!.program.kill('SIGKILL');
  await house.startAgain('catalog');
  await rename('After the kill');
  while ((await next()) !== 'After the kill');
  expect(new Set(cursors).size).toBe(cursors.length);
  wire.cut();
}, 60_000);

describe('The environment that all share', () => {
  long(
    'serves npm start and npm run embedded as well',
    async () => {
      const whole = run('start/dist/main.js', ['--port', '0'], house.env);
      await whole.says(/Souk is ready/);
      const stores = run(
        'packages/embedded/dist/main.js',
        ['--data-dir', join(house.folder, 'other')],
        house.env,
      );
      await stores.says(/^export POSTGRES_URL=/m);
      expect(await Promise.all([whole.kill('SIGTERM'), stores.kill('SIGTERM')])).toEqual([0, 0]);
    },
    60_000,
  );

  /** All read it by the same code, save that the router has a list of its own. */
  const some = [['start/dist/subgraph.js', NAMES[1]!], ['router/dist/main.js']];
  const others = [
    ['start/dist/main.js'],
    ['subgraphs/accounts/dist/commands.js', 'audit:check'],
    ...NAMES.flatMap((name) => [[`subgraphs/${name}/dist/main.js`], ['start/dist/subgraph.js', name]]),
    ['start/dist/seed.js'],
    ['start/dist/migrate.js'],
  ];
  const programs = process.env.SOUK_LONG_TESTS ? [...some, ...others] : some;
  test.each(programs)('is refused by %s %s when a setting in it is misspelt', async (file, ...args) => {
    const program = run(file!, args, { ...house.env, SOUK_REVIEW_MEDIA_HOSTS: 'a.example' });
    expect(await program.ended).toBeGreaterThan(0);
    expect(program.output()).toContain(
      'SOUK_REVIEW_MEDIA_HOSTS is not a setting; did you mean SOUK_REVIEWS_MEDIA_HOSTS?',
    );
  });
});

test.each([
  ['start/dist/subgraph.js', 'reviews', '--port', '0'],
  ['router/dist/main.js', '--port', '0'],
])(
  '%s ends with the shell that npm started it in',
  async (file, ...args) => {
    const program = runInShell(file, args, house.env);
    await program.says(/is ready/);
    // The shell dies of it; what it started ends by itself, or this waits in vain.
    await program.kill('SIGTERM');
  },
  30_000,
);

test('An unknown room is told which there are', async () => {
  const program = run('start/dist/subgraph.js', ['cellar'], house.env);
  expect(await program.ended).toBe(1);
  expect(program.output()).toContain(`There is no subgraph "cellar". There are ${NAMES.join(', ')}.`);
});

test('Every process ends well when it is told to', async () => {
  const codes = await Promise.all([...house.running.values()].map(({ program }) => program.kill('SIGTERM')));
  expect(codes).toEqual(codes.map(() => 0));
});
