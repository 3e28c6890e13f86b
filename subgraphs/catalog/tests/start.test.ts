/** The room as it is started: settings, stores that are away, a process of its own, and its answers to privacy. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { folderOf } from '@souk/kit/room/package-folder';
import { serveRoom } from '@souk/kit/room/serve-room';
import { parseSettings } from '@souk/kit/settings/settings';
import { askPrivacy } from '@souk/kit/tests/ask-privacy';
import { MONGODB_URL, REDIS_URL } from '@souk/kit/tests/stores';
import { until } from '@souk/kit/tests/until';
import { newId } from '@souk/kit/values/ids';
import { createCategory } from '../domain/category-tree.ts';
import { startImport } from '../domain/import-starting.ts';
import { createPrivacyDuties } from '../domain/privacy.ts';
import { createProduct } from '../domain/product-creation.ts';
import { scheduleProduct } from '../domain/publishing.ts';
import { catalog } from '../index.ts';
import { catalogSettings } from '../settings.ts';
import { findImports } from '../store/imports.ts';
import { done, MINUTE } from './desk.ts';
import { openRoom, type TestRoom, withStores } from './room.ts';

const settingsOf = (env: Record<string, string>) => parseSettings({ shape: catalogSettings, env });

describe('settings', () => {
  test('have values that suit a first start', () => {
    expect(settingsOf({})).toEqual({
      SOUK_PUBLIC_URL: 'http://127.0.0.1:4000',
      SOUK_CATALOG_MEDIA_HOSTS: [],
    });
  });

  test('are read as one means them', () => {
    const env = {
      SOUK_PUBLIC_URL: 'https://shop.example/',
      SOUK_CATALOG_MEDIA_HOSTS: 'CDN.example.com, img.example:8443,',
    };
    expect(settingsOf(env)).toEqual({
      SOUK_PUBLIC_URL: 'https://shop.example',
      SOUK_CATALOG_MEDIA_HOSTS: ['cdn.example.com', 'img.example:8443'],
    });
  });

  test('that are wrong are all told at once', () => {
    const env = { SOUK_PUBLIC_URL: 'shop', SOUK_CATALOG_MEDIA_HOSTS: 'https://cdn.example.com' };
    expect(() => settingsOf(env)).toThrow(
      /SOUK_PUBLIC_URL must be[\s\S]*SOUK_CATALOG_MEDIA_HOSTS must be host names/,
    );
  });
});

withStores('the room as a process', () => {
  const MAIN = fileURLToPath(new URL('dist/main.js', folderOf('@souk/catalog')));
  const start = (env: Record<string, string>, ...args: string[]) => {
    const child = spawn(process.execPath, [MAIN, '--port', '0', ...args], {
      env: { PATH: process.env.PATH!, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { text: '' };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => (output.text += String(data)));
    started.push(child);
    // An exit may come before the last words.
    return { child, output, ended: once(child, 'close') };
  };
  const good = { MONGODB_URL: MONGODB_URL!, REDIS_URL: REDIS_URL!, SOUK_VIEWER_KEY: 'ab'.repeat(32) };

  const started: ChildProcess[] = [];
  let withoutDatabase: ReturnType<typeof start>;
  // It tries for some seconds, in which the other tests run.
  beforeAll(() => {
    withoutDatabase = start({ ...good, MONGODB_URL: 'mongodb://127.0.0.1:1/' });
  });
  afterAll(() => {
    for (const child of started) child.kill('SIGKILL');
  });

  test('serves until it is told to stop', async () => {
    const { child, output, ended } = start(good);
    let url: string | undefined;
    while (!url) {
      await once(child.stdout, 'data');
      url = /is ready at (http:\S+)\/graphql/.exec(output.text)?.[1];
    }
    const { status } = await fetch(`${url}/health/ready`);
    child.kill('SIGTERM');
    expect([await ended, status]).toEqual([[0, null], 200]);
  });

  test('tells all that is wrong in one message and ends with status 1', async () => {
    const { output, ended } = start(
      { SOUK_VIEWER_KEY: 'short', SOUK_CATALOG_MEDIA_HOST: 'x' },
      '--colour',
      'red',
    );
    expect(await ended).toEqual([1, null]);
    for (const fault of [
      'MONGODB_URL',
      'REDIS_URL',
      'SOUK_VIEWER_KEY',
      'did you mean SOUK_CATALOG_MEDIA_HOSTS?',
      '--colour',
    ]) {
      expect(output.text).toContain(fault);
    }
  });

  test('says so when its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const env = { ...good, SOUK_LOG_LEVEL: 'silent' };
    await expect(serveRoom(catalog, { env, args: ['--port', String(port)] })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is taken`,
    );
    server.close();
  });

  test('says so when its database is away, and ends', async () => {
    const { output, ended } = withoutDatabase;
    expect(await ended).toEqual([1, null]);
    expect(output.text).toContain('catalog could not start: catalog: cannot use MongoDB');
  });
});

withStores('the running room', () => {
  let room: TestRoom;
  beforeAll(async () => {
    room = await openRoom();
  });
  afterAll(() => room.close());

  test('is healthy, and refuses what no router signed', async () => {
    for (const check of Object.values(room.room.checks)) await check();
    const response = await room.fetch('POST', '/graphql', Buffer.from('{"query":"{ __typename }"}'), {
      'content-type': 'application/json',
    });
    expect(response.status).toBe(401);
  });

  test('publishes what is due by itself', async () => {
    const { services } = room;
    const shelf = done(await createCategory(services, {}, { name: 'Soon' }));
    const typed = {
      title: 'Soon',
      description: 'Soon.',
      categoryIds: [shelf._id],
      variants: [{ sku: 'soon', options: [] }],
    };
    const product = done(await createProduct(services, {}, typed));
    const publishAt = new Date(Date.now() + MINUTE);
    done(await scheduleProduct(services, {}, { productId: product._id, expectedVersion: 1, publishAt }));
    services.now = () => new Date(Date.now() + 2 * MINUTE);
    await until(async () => {
      const { data } = await room.ask('{ rootCategories { productCount } }');
      return data.rootCategories[0].productCount === 1 ? true : undefined;
    });
    const { data } = await room.ask(
      'query ($id: ID!) { product(id: $id) { status variants { nodes { title } } } }',
      { id: product._id },
    );
    expect(data.product).toEqual({ status: 'PUBLISHED', variants: { nodes: [{ title: 'Soon' }] } });
  });

  test('answers exports and erasures', async () => {
    const { services } = room;
    const userId = newId('usr');
    const actor = { viewer: { userId, scopes: [] } };
    const started = done(await startImport(services, actor, { format: 'CSV' }));
    const duties = createPrivacyDuties(services);
    expect(await duties.exportUser(userId)).toMatchObject({
      records: 1,
      data: [{ import: started.import._id, format: 'CSV' }],
    });
    expect(await askPrivacy(REDIS_URL!, 'catalog', 'EXPORT')).toMatchObject({
      domain: 'catalog',
      records: 0,
      data: [],
    });
    expect(await duties.eraseUser(userId)).toEqual({ records: 1 });
    expect(await duties.eraseUser(userId)).toEqual({ records: 0 });
    expect((await findImports(services.collections, [started.import._id]))[0]!.startedBy).toBeNull();
  });
});
