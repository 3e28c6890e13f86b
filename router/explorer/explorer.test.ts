/** The page for browsers: served whole from here, and only where it is wanted. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serve } from '@souk/kit/http/serve';
import { silentLog } from '@souk/kit/observe/log';
import { createRouter } from '../create.ts';
import { get, send } from '../tests/toy/ask.ts';
import { createNews } from '../tests/toy/news.ts';
import { startToyRouter, type ToyRouter } from '../tests/toy/router.ts';
import { until } from '../tests/toy/until.ts';
import type { ExplorerManifest } from './manifest.ts';
import { type Explorer, explorerFolder, openExplorer } from './serve.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const CHROMIUM = '/usr/bin/chromium';
const folder = explorerFolder();

/** "npm run build" makes it; the suites run after that. */
const isBuilt = existsSync(join(folder, 'manifest.json'));

describe('a folder of files', () => {
  let made: string;
  let explorer: Explorer;

  beforeAll(async () => {
    made = await mkdtemp(join(tmpdir(), 'souk-explorer-'));
    const manifest: ExplorerManifest = {
      inputs: 'x',
      page: 'page.html',
      files: {
        'page.html': { hash: 'h1', encodings: [] },
        'a-1.js': {
          hash: 'h2',
          encodings: [
            { name: 'br', suffix: '.br' },
            { name: 'gzip', suffix: '.gz' },
          ],
        },
        'f-1.bin': { hash: 'h3', encodings: [] },
      },
    };
    const contents = {
      'manifest.json': JSON.stringify(manifest),
      'page.html': '<p>',
      'a-1.js': 'js',
      'a-1.js.br': 'BR',
      'a-1.js.gz': 'GZ',
      'f-1.bin': 'b',
      'other.txt': 'secret',
    };
    for (const [name, content] of Object.entries(contents)) await writeFile(join(made, name), content);
    explorer = (await openExplorer(made))!;
  });
  afterAll(() => rm(made, { recursive: true }));

  const ask = (path: string, headers: Record<string, string> = {}) =>
    explorer.asset({ method: 'GET', path, query: '', headers, body: Buffer.alloc(0) });

  test.each([
    ['br, gzip', 'BR', 'br'],
    ['gzip, deflate', 'GZ', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'GZ', 'gzip'],
    ['identity', 'js', undefined],
  ])('is compressed as it is asked for: %s', async (accept, body, encoding) => {
    const response = await ask('/explorer/a-1.js', { 'accept-encoding': accept });
    expect(response!.body.toString()).toBe(body);
    expect(response!.headers['content-encoding']).toBe(encoding);
    expect(response!.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
  });

  test('is open in what the build wrote, and in nothing else', async () => {
    for (const name of [
      'other.txt',
      'page.html',
      'manifest.json',
      'a-1.js.br',
      '../package.json',
      '__proto__',
      '',
    ]) {
      expect(await ask(`/explorer/${name}`)).toBeUndefined();
    }
    expect((await ask('/explorer/f-1.bin'))!.headers['content-type']).toBe('application/octet-stream');
  });

  test('that is not there is no explorer; one that cannot be read is a fault', async () => {
    expect(await openExplorer('/nowhere')).toBeUndefined();
    await mkdir(join(made, 'broken', 'manifest.json'), { recursive: true });
    await expect(openExplorer(join(made, 'broken'))).rejects.toThrow('EISDIR');
  });
});

test('a router without it answers a browser as any client', async () => {
  const toy = await startToyRouter({ explorer: false });
  const told = await get(toy.handler, '', { accept: BROWSER });
  expect(told).toMatchObject({ status: 400, errors: [{ message: 'The parameter query is missing' }] });
  await toy.router.stop();
});

(isBuilt ? describe : describe.skip)('the built page', () => {
  let toy: ToyRouter;
  beforeAll(async () => {
    toy = await startToyRouter({ explorer: true, development: true });
  });
  afterAll(() => toy.router.stop());

  test('is for browsers alone', async () => {
    const page = await get(toy.handler, '', { accept: BROWSER });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect((await get(toy.handler, 'query={__typename}', { accept: BROWSER })).data).toEqual({
      __typename: 'Query',
    });
    expect((await get(toy.handler, '', { accept: '*/*' })).status).toBe(400);
    expect((await send(toy.handler, { body: '{}', headers: { accept: BROWSER } })).status).toBe(400);
  });

  test('is not sent again to a browser that has it', async () => {
    const { etag } = (await get(toy.handler, '', { accept: BROWSER })).headers;
    const again = await get(toy.handler, '', { accept: BROWSER, 'if-none-match': etag! });
    expect(again).toMatchObject({ status: 304, text: '' });
  });

  test('names only files of ours, which are what their names say', async () => {
    const { text, headers } = await get(toy.handler, '', { accept: BROWSER });
    expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/);
    expect(headers['content-security-policy']).not.toMatch(/https?:|\*|unsafe-eval/);
    const names = [...text.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map((match) => match[1]!)
      .filter((name) => name !== 'data:,');
    expect(names).toHaveLength(2);
    for (const path of names) {
      expect(path).toMatch(/^\/explorer\/explorer-[A-Z0-9]{8}\.(js|css)$/);
      const ask = async (encoding: string) =>
        (
          await toy.handler({
            method: 'GET',
            path,
            query: '',
            headers: { 'accept-encoding': encoding },
            body: Buffer.alloc(0),
          })
        ).body as Buffer;
      const [plain, br, gzip] = [await ask('identity'), await ask('br'), await ask('gzip')];
      const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
      expect(hash(brotliDecompressSync(br))).toBe(hash(plain));
      expect(hash(gunzipSync(gzip))).toBe(hash(plain));
    }
  });

  (existsSync(CHROMIUM) ? test : test.skip)(
    'runs an operation in a browser, and asks nobody else',
    async () => {
      const { chromium } = await import('playwright-core');
      const served = await serve({ handler: toy.handler, log: silentLog });
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
      try {
        const page = await browser.newPage();
        const [elsewhere, complaints]: [string[], string[]] = [[], []];
        page.on('request', (request) => {
          if (!request.url().startsWith(served.url)) elsewhere.push(request.url().slice(0, 100));
        });
        page.on(
          'console',
          (message) => message.type() === 'error' && complaints.push(message.text().slice(0, 200)),
        );
        page.on('pageerror', (error) => complaints.push(error.message));
        await page.addInitScript(
          "localStorage.setItem('graphiql:query', '{ books { title author { name } ratings { stars } } }')",
        );
        await page.goto(`${served.url}/graphql`);
        await page.click('.graphiql-execute-button');
        await page.waitForFunction(
          "document.querySelector('.graphiql-response')?.textContent.includes('\"Engines\"')",
        );
        await page.click('button[aria-label="Show Query plan"]');
        await page.waitForSelector('.plan-fetches .plan-fetches .plan-fetch');
        const shown = await page.locator('.plan-fetch').allInnerTexts();
        expect(shown.map((text) => text.split(/\s+/)).sort()).toEqual([
          ['books', 'root', 'fields', expect.stringMatching(/^[\d.]+$/), 'ms'],
          ['people', 'books[].author', expect.stringMatching(/^[\d.]+$/), 'ms'],
          ['ratings', 'books[]', expect.stringMatching(/^[\d.]+$/), 'ms'],
        ]);
        await page.click('.plan-fetch summary');
        expect(await page.locator('.plan-fetch pre').first().innerText()).toContain('books {');
        // What was asked for the panel is not shown as the client's answer.
        expect(await page.locator('.graphiql-response').innerText()).not.toContain('waitsFor');
        expect(elsewhere.filter((url) => !/^(data:image|blob:)/.test(url))).toEqual([]);
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
        await served.stop();
      }
    },
  );

  (existsSync(CHROMIUM) ? test : test.skip)('follows a subscription in a browser', async () => {
    const { chromium } = await import('playwright-core');
    const news = createNews();
    const { supergraph: sdl, handlers, subscribeHandlers } = news;
    const router = await createRouter({
      supergraph: { sdl },
      handlers,
      subscribeHandlers,
      log: silentLog,
      explorer: true,
    });
    const served = await serve({ handler: router.handler, log: silentLog });
    router.attach(served.server);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.addInitScript(
        "localStorage.setItem('graphiql:query', 'subscription { published { text story { title } } }')",
      );
      await page.goto(`${served.url}/graphql`);
      await page.click('.graphiql-execute-button');
      await until(() => news.upstreams() === 1);
      for (const text of ['Rain', 'Sun']) {
        news.publish(text);
        await page.locator('.graphiql-response', { hasText: `"${text}"` }).waitFor();
      }
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await served.stop();
      await router.stop();
    }
  });
});
