/** `npm start`: somebody opens the printed address, signs in, asks for products and writes a review; power fails. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@souk/kit/tests/until';
import { type Client, createClient, operation, registered, signOutEverywhere } from '../client.ts';
import { type Program, run, runInShell } from '../programs.ts';

const MAIN = 'start/dist/main.js';
const READY = /\nSouk is ready\n$/;
const URL_LINE = /GraphQL and its explorer +(http:\S+)/;
const PAGE = { slug: 'beni-ourain-prayer-rug' };
const PRODUCT_ID = '{ productBySlug(slug: "beni-ourain-prayer-rug") { id } }';

let folder: string;
const programs: Program[] = [];
/** It gives its database ten seconds to come; they pass while the others are tested. */
let withoutDatabase: Program;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-one-process-'));
  withoutDatabase = start('failed', { POSTGRES_URL: 'postgres://souk:hidden@127.0.0.1:1/souk' });
});
afterAll(async () => {
  await Promise.all(programs.map((program) => program.kill('SIGKILL')));
  await rm(folder, { recursive: true, force: true });
});

function start(dataDir: string, env: Record<string, string> = {}): Program {
  const program = run(MAIN, ['--port', '0', '--data-dir', join(folder, dataDir)], {
    // Tokens name it, and the port is another one at each start.
    SOUK_PUBLIC_URL: 'http://127.0.0.1:4000',
    ...env,
  });
  programs.push(program);
  return program;
}

async function urlOf(program: Program): Promise<string> {
  await program.says(READY);
  return (await program.says(URL_LINE))[1]!;
}

describe('a first start, after one that was killed while it loaded,', () => {
  let killed: Program;
  let program: Program;
  let url: string;
  let client: Client;

  beforeAll(async () => {
    killed = start('first');
    await killed.says(/600 products\n/);
    await killed.kill('SIGKILL');
    program = start('first');
    url = await urlOf(program);
    client = createClient(url);
  }, 180_000);

  test('loads the demo shop, whole and once, and prints who can sign in', async () => {
    expect(killed.output()).not.toContain('Souk is ready');
    expect(program.output()).toMatch(/600 products\n/);
    expect(program.output()).toMatch(/3,000 reviews\n {2}240 questions\n/);
    expect(program.output()).toMatch(/shopper +samira@example\.com +\S{12,}/);
    expect(program.output().trimEnd().split('\n').at(-1)).toBe('Souk is ready');
    const count = async () => {
      const { data } = await client.ask('{ rootCategories { productCount } }');
      const shelves = data.rootCategories as { productCount: number }[];
      return shelves.reduce((sum, { productCount }) => sum + productCount, 0);
    };
    // A counter, which whoever was killed may have been at; it is put right within seconds.
    await until(async () => (await count()) === 600);
  });

  test('answers a product page out of three domains', async () => {
    const { data, errors } = await client.ask(operation('storefront', 'product-page'), PAGE);
    expect(errors).toEqual([]);
    const { title, variants, rating, reviews } = data.productBySlug;
    expect(title).toBe('Beni Ourain prayer rug');
    expect(variants.nodes).toHaveLength(3);
    expect(rating.count).toBeGreaterThan(0);
    expect(reviews.nodes[0].author.displayName).toMatch(/^\p{Lu}.+ \p{Lu}\.$/u);
  });

  test('answers a registered operation by its id, and by its hash alone', async () => {
    const [id] = Object.entries(registered('storefront')).find(([, text]) =>
      text.startsWith('query ProductPage'),
    )!;
    const persistedQuery = { version: 1, sha256Hash: id.replace('sha256:', '') };
    for (const by of [{ documentId: id }, { extensions: { persistedQuery } }]) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...by, variables: PAGE }),
      });
      expect(await response.json()).toMatchObject({
        data: { productBySlug: { title: 'Beni Ourain prayer rug' } },
      });
    }
  });

  test('draws covers, publishes its keys, tells its health and shows browsers a page', async () => {
    const { data } = await client.ask('{ productBySlug(slug: "beni-ourain-prayer-rug") { cover { url } } }');
    const at = (path: string, accept = '*/*') => fetch(new URL(path, url), { headers: { accept } });
    const cover = await at(new URL(data.productBySlug.cover.url).pathname);
    expect([cover.status, cover.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^image\/svg/),
    ]);
    expect(await (await at('/.well-known/jwks.json')).json()).toMatchObject({ keys: [{ crv: 'Ed25519' }] });
    expect(await (await at('/health/ready')).json()).toMatchObject({ status: 'ready' });
    const page = await at('/graphql', 'text/html');
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect((await at('/nowhere')).status).toBe(404);
  });

  test('lets the shopper sign in by what was printed, and write', async () => {
    const [, email, password] = await program.says(/shopper +(\S+) +(\S+)/);
    const guest = await client.ask('{ viewer { id } }');
    expect(guest.data.viewer).toBeNull();
    await client.signIn(email!, password!);
    const { data } = await client.ask('{ viewer { displayName profile { email } } }');
    expect(data.viewer).toEqual({ displayName: 'Samira H.', profile: { email } });
    const { id: productId } = (await client.ask(PRODUCT_ID)).data.productBySlug;
    const input = {
      productId,
      stars: 4,
      title: 'Soft underfoot',
      body: 'It lies by the bed, and nobody slips on it.',
    };
    const { reviewSubmit } = (await client.ask(operation('storefront', 'review-submit'), { input })).data;
    expect(reviewSubmit).toMatchObject({ userErrors: [], review: { product: { id: productId } } });
  });

  test('lets nobody in by a token whose owner has signed out everywhere', async () => {
    const [, email, password] = await program.says(/shopper +(\S+) +(\S+)/);
    expect(await signOutEverywhere(url, email!, password!)).toBeLessThan(1_000);
  });

  test('lets shoppers review a new product once it is in the shop, and no more when it is given up', async () => {
    const signedIn = async (line: RegExp) => {
      const [, email, password] = await program.says(line);
      const person = createClient(url);
      await person.signIn(email!, password!);
      return person;
    };
    const editor = await signedIn(/catalog manager +(\S+) +(\S+)/);
    const reviewer = await signedIn(/moderator +(\S+) +(\S+)/);
    const { rootCategories } = (await editor.ask('{ rootCategories { id } }')).data;
    const changed = 'product { id version } userErrors { code message }';
    const edit = async (field: string, type: string, input: object) => {
      const { data, errors } = await editor.ask(
        `mutation ($input: ${type}!) { ${field}(input: $input) { ${changed} } }`,
        {
          input,
        },
      );
      expect(errors).toEqual([]);
      expect(data[field].userErrors).toEqual([]);
      return data[field].product as { id: string; version: number };
    };
    const created = await edit('productCreate', 'ProductCreateInput', {
      title: 'A lamp that was not there before',
      description: 'It gives light.',
      categoryIds: [rootCategories[0].id],
      variants: [{ sku: 'LAMP-NEW', options: [] }],
    });
    const codes = async () => {
      const input = { productId: created.id, stars: 5, title: 'Bright', body: 'One sees everything by it.' };
      const { data } = await reviewer.ask(operation('storefront', 'review-submit'), { input });
      return data.reviewSubmit.userErrors.map(({ code }: { code: string }) => code) as string[];
    };
    const eventually = (expected: string) => until(async () => (await codes()).join() === expected);
    const of = ({ id, version }: { id: string; version: number }) => ({
      productId: id,
      expectedVersion: version,
    });
    expect(await codes()).toEqual(['PRODUCT_NOT_FOUND']);
    const published = await edit('productPublish', 'ProductPublishInput', of(created));
    await eventually('');
    await eventually('REVIEW_EXISTS');
    await edit('productArchive', 'ProductArchiveInput', of(published));
    await eventually('PRODUCT_NOT_FOUND');
  });

  test('does not let a second one use its data', async () => {
    const second = start('first');
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/^Souk could not start: .*in use|already/m);
  });

  test('keeps everything when the power fails, and loads nothing again', async () => {
    await program.kill('SIGKILL');
    const again = start('first');
    const next = createClient(await urlOf(again));
    expect(again.output()).not.toContain('Loading');
    const [, email, password] = await again.says(/shopper +(\S+) +(\S+)/);
    await next.signIn(email!, password!);
    const { data } = await next.ask('{ viewer { reviews(first: 1) { nodes { title } } } }');
    expect(data.viewer.reviews.nodes).toEqual([{ title: 'Soft underfoot' }]);
    expect(await again.kill('SIGTERM')).toBe(0);
  }, 60_000);
});

test('Without a seed the shop is empty, and whoever ends npm ends it: its data folder is free again', async () => {
  const args = ['--port', '0', '--seed', 'none', '--data-dir', join(folder, 'npm')];
  const program = runInShell(MAIN, args);
  programs.push(program);
  const client = createClient(await urlOf(program));
  expect(program.output()).not.toContain('samira');
  const { data } = await client.ask('{ products(first: 1) { nodes { id } } }');
  expect(data.products.nodes).toEqual([]);
  await expect(client.signIn('samira@example.com', 'brass-lantern-at-dusk')).rejects.toThrow(
    'cannot sign in',
  );
  await program.kill('SIGTERM');
  const again = run(MAIN, args);
  programs.push(again);
  await again.says(READY);
  await again.kill('SIGTERM');
}, 120_000);

describe('what cannot start says why, once, and ends with 1', () => {
  const failed = async (args: string[], env: Record<string, string> = {}) => {
    const program = run(MAIN, args, { SOUK_DATA_DIR: join(folder, 'refused'), ...env });
    programs.push(program);
    expect(await program.ended).toBe(1);
    return program.output();
  };

  test('settings: all faults at once', async () => {
    const told = await failed(['--nonsense'], {
      SOUK_SEDE: 'demo',
      SOUK_SEED: 'some',
      CATALOG_MONGODB_URL: 'x',
    });
    expect(told.split('\n')).toEqual([
      'Souk could not start; these settings are wrong:',
      expect.stringContaining("Unknown option '--nonsense'"),
      '  SOUK_SEDE is not a setting; did you mean SOUK_SEED?',
      '  CATALOG_MONGODB_URL must be a URL that starts with mongodb:// or mongodb+srv://',
      '  SOUK_SEED must be one of demo, none',
      '',
    ]);
  });

  test('a port that is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as AddressInfo;
    expect(await failed(['--port', String(port)])).toBe(
      `Souk could not start: port ${port} on 127.0.0.1 is taken by another process; choose another one, or 0 for any free port\n`,
    );
    blocker.close();
  });

  test('a database that is away', async () => {
    expect(await withoutDatabase.ended).toBe(1);
    const told = withoutDatabase.output();
    expect(told).toMatch(/Souk could not start: accounts: cannot use PostgreSQL at .*Check POSTGRES_URL/);
    expect(told).not.toContain('hidden');
  }, 60_000);
});
