/** What the room serves beside GraphQL: covers, and the address for the file of an import. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serve } from '@souk/kit/http/serve';
import { silentLog } from '@souk/kit/observe/log';
import { until } from '@souk/kit/tests/until';
import { productLine } from './import-file.ts';
import { STAFF, withStores } from './room.ts';
import { openShop, type Shop } from './shop.ts';

/** Of a file that is imported. */
const ROWS = process.env.SOUK_LONG_TESTS ? 3_000 : 300;

withStores('routes', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  describe('covers', () => {
    test('are drawn for what is in the shop, and may be kept', async () => {
      const shown = await shop.publish(await shop.newProduct('Cover <me> & co'));
      const byId = await shop.fetch('GET', `/media/covers/${shown.id}.svg`);
      const bySlug = await shop.fetch('GET', `/media/covers/${shown.slug}.svg`);
      expect(byId).toMatchObject({
        status: 200,
        headers: { 'content-type': 'image/svg+xml; charset=utf-8' },
      });
      expect(byId.headers['cache-control']).toContain('max-age');
      expect(bySlug.body).toBe(byId.body);
      const again = await shop.fetch('GET', `/media/covers/${shown.id}.svg`, undefined, {
        'if-none-match': byId.headers.etag!,
      });
      expect(again).toMatchObject({ status: 304, body: '' });
      const draft = await shop.newProduct('No cover yet');
      for (const key of [draft.id, draft.slug, 'nothing', 'prd_01J00000000000000000000000']) {
        expect((await shop.fetch('GET', `/media/covers/${key}.svg`)).status).toBe(404);
      }
    });
  });

  describe('an import', () => {
    const START = 'import { id state format isDryRun totalRows startedBy { id } } uploadUrl';
    const start = () =>
      shop.run('productImportStart', 'ProductImportStartInput', { format: 'NDJSON' }, START);

    test('goes from its address to its end over HTTP', async () => {
      const served = await serve({ handler: shop.room.handler, streams: shop.room.streams, log: silentLog });
      try {
        await shop.newCategory('Bowls');
        const started = await start();
        expect(started.import).toMatchObject({
          state: 'AWAITING_UPLOAD',
          totalRows: null,
          startedBy: { id: expect.stringMatching(/^usr_/) },
        });
        const address = new URL(started.uploadUrl);
        const put = (body: string, query = address.search, headers = {}) =>
          fetch(`${served.url}${address.pathname}${query}`, { method: 'PUT', body, headers });
        expect((await put('x', '?signature=AAAA')).status).toBe(403);
        expect((await put('x', address.search, { 'content-encoding': 'gzip' })).status).toBe(415);
        // More than a body may have elsewhere.
        // More than one chunk of what is sent, however many rows that is.
        const description = 'Made by hand. '.repeat(90_000 / ROWS);
        const lines = Array.from({ length: ROWS }, (_, index) => productLine(index + 1, { description }));
        const file = [...lines, 'not json'].join('\n');
        expect(file.length).toBeGreaterThan(1_048_576);
        const sent = await put(file);
        expect([sent.status, await sent.json()]).toEqual([202, { rows: ROWS + 1, bytes: file.length }]);
        expect((await put(file)).status).toBe(403);
        const ask = `query ($id: ID!) { productImport(id: $id) { state totalRows processedRows createdCount updatedCount failedCount finishedAt
          failures(first: 5) { nodes { row sku field message } } } productImports(first: 1) { nodes { id } } }`;
        const progress = await until(async () => {
          const { data, errors } = await shop.ask(ask, { id: started.import.id }, STAFF);
          expect(errors).toBeUndefined();
          expect(data.productImports.nodes).toEqual([{ id: started.import.id }]);
          return data.productImport.state === 'RUNNING' ? undefined : data.productImport;
        });
        expect(progress).toMatchObject({
          state: 'COMPLETED',
          totalRows: ROWS + 1,
          processedRows: ROWS + 1,
          createdCount: 3 * ROWS,
          failedCount: 1,
          failures: {
            nodes: [{ row: ROWS + 1, sku: null, message: expect.stringContaining('not valid JSON') }],
          },
        });
      } finally {
        await served.stop();
      }
    }, 60_000);

    test('can be cancelled before its file is there', async () => {
      const started = await start();
      const cancelled = await shop.run(
        'productImportCancel',
        'ProductImportCancelInput',
        { importId: started.import.id },
        'import { state }',
      );
      expect(cancelled).toEqual({ import: { state: 'CANCELLED' }, userErrors: [] });
      const { pathname, search } = new URL(started.uploadUrl);
      expect((await shop.fetch('PUT', pathname + search, Buffer.from('{}'))).status).toBe(403);
      const again = await shop.run(
        'productImportCancel',
        'ProductImportCancelInput',
        { importId: started.import.id },
        'import { state }',
      );
      expect(again).toMatchObject({
        import: { state: 'CANCELLED' },
        userErrors: [{ code: 'IMPORT_FINISHED' }],
      });
    });
  });
});
