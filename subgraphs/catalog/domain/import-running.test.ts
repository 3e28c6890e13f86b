import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withMongodb } from '@souk/kit/tests/stores';
import { until } from '@souk/kit/tests/until';
import { listImportFailures } from '../store/import-failures.ts';
import { findProductsBySku, findProductsBySlug } from '../store/products.ts';
import { type Desk, done, EDITOR, newCategory, newProduct, openDesk, refusals } from '../tests/desk.ts';
import { importOf, open, productLine, productLines, send, upload } from '../tests/import-file.ts';
import { runImports } from './import-running.ts';
import { cancelImport, dropForgottenImports } from './import-starting.ts';
import { archiveProduct } from './product-editing.ts';

const FOREVER = new AbortController().signal;
/** The figure of the promise, or few of them. */
const MANY = 10_000;

withMongodb('imports', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
    await newCategory(desk, 'Bowls');
  });
  afterAll(() => desk.close());

  const run = () => runImports(desk.services, FOREVER);
  const failures = async (importId: string) => {
    const page = { size: 100, backward: false };
    const rows = await listImportFailures(desk.services.collections, importId, page);
    return rows.map(({ row, sku, field, message }) => ({ row, sku, field, message }));
  };

  test(`${MANY} products take less than a minute`, async () => {
    const id = await upload(desk, productLines(MANY));
    expect(await importOf(desk, id)).toMatchObject({ state: 'RUNNING', totalRows: MANY, processedRows: 0 });
    const started = performance.now();
    await run();
    const seconds = (performance.now() - started) / 1000;
    expect(await importOf(desk, id)).toMatchObject({
      state: 'COMPLETED',
      processedRows: MANY,
      createdCount: MANY * 3,
      updatedCount: 0,
      failedCount: 0,
      finishedAt: expect.any(Date),
    });
    expect(await desk.services.collections.importChunks.countDocuments({ importId: id })).toBe(0);
    expect(seconds).toBeLessThan(60);
  }, 120_000);

  test('bad lines are told by number and reason, and the good ones are kept', async () => {
    const owner = await newProduct(desk, (await desk.services.collections.categories.findOne({}))!);
    const lines = [
      productLine(20_001),
      '{"title": "Broken',
      productLine(20_003, { title: 7 }),
      '   ',
      productLine(20_005, { colour: 'red' }),
      productLine(20_006, { categorySlugs: ['nowhere'] }),
      productLine(20_007, {
        variants: [{ sku: owner.variants[0]!.sku, options: [{ name: 'Size', value: 'S' }] }],
      }),
      productLine(20_008, { variants: [{ sku: 'B-20008', options: [] }] }),
      Buffer.from('{"title": "\xff"}', 'latin1'),
      `{"title": "${'x'.repeat(1_100_000)}"}`,
      productLine(20_011, { slug: 'Bad Slug', seo: { description: 'y'.repeat(400) } }),
      productLine(20_001),
    ];
    const file = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')]));
    const id = await upload(desk, file);
    await run();
    expect(await importOf(desk, id)).toMatchObject({
      state: 'COMPLETED',
      totalRows: 11,
      processedRows: 11,
      createdCount: 3,
      updatedCount: 0,
      failedCount: 9,
    });
    expect(await failures(id)).toEqual([
      { row: 2, sku: null, field: null, message: expect.stringContaining('The line is not valid JSON') },
      { row: 3, sku: 'BOWL-20003-S', field: 'title', message: expect.stringContaining('expected string') },
      { row: 5, sku: 'BOWL-20005-S', field: null, message: expect.stringContaining('colour') },
      { row: 6, sku: 'BOWL-20006-S', field: 'categorySlugs', message: 'There is no category “nowhere”' },
      {
        row: 7,
        sku: owner.variants[0]!.sku,
        field: 'variants.0.sku',
        message: expect.stringContaining('Another variant'),
      },
      { row: 8, sku: 'B-20008', field: 'variants.0.options', message: 'A value for “Size” is missing' },
      { row: 9, sku: null, field: null, message: 'The line is not valid UTF-8' },
      { row: 10, sku: null, field: null, message: 'The line is longer than 1024 KB' },
      { row: 11, sku: 'BOWL-20011-S', field: 'slug', message: expect.stringContaining('A slug has') },
      { row: 11, sku: 'BOWL-20011-S', field: 'seo.description', message: expect.any(String) },
    ]);
    expect(await findProductsBySlug(desk.services.collections, ['bowl-20001'])).toHaveLength(1);
  });

  test('progress is told once a second', async () => {
    const id = await upload(desk, productLines(1_000), 'NDJSON', true);
    let skew = 0;
    const now = () => {
      skew += 200;
      return new Date(Date.now() + skew);
    };
    const begun = now();
    await runImports({ ...desk.services, now }, FOREVER);
    const { events } = (await desk.services.collections.imports.findOne({ _id: id }))!;
    const types = events.map(({ type }) => type.split('.').at(-1));
    const progressed = types.filter((type) => type === 'progressed').length;
    expect([types[0], types.at(-1)]).toEqual(['started', 'ended']);
    expect(progressed).toBeGreaterThan(0);
    expect(progressed).toBeLessThanOrEqual((now().getTime() - begun.getTime()) / 1_000);
  });

  test('products that are there are changed where a row says so', async () => {
    await upload(desk, productLine(30_001));
    await run();
    const [before] = await findProductsBySlug(desk.services.collections, ['bowl-30001']);
    const again = await upload(desk, productLine(30_001));
    await run();
    expect(await importOf(desk, again)).toMatchObject({ createdCount: 0, updatedCount: 0, failedCount: 0 });
    expect((await findProductsBySlug(desk.services.collections, ['bowl-30001']))[0]).toEqual(before);

    const line = {
      title: 'Bowl 30001',
      slug: 'bowl-30001',
      brand: 'Other Clay',
      options: [{ name: 'Size', values: ['XL'] }],
      variants: [
        { sku: 'BOWL-30001-S', weightGrams: 310 },
        { sku: 'BOWL-30001-XL', options: [{ name: 'Size', value: 'XL' }] },
      ],
    };
    const id = await upload(desk, JSON.stringify(line));
    await run();
    // The new variant; the product with its brand and options, and the heavier variant.
    expect(await importOf(desk, id)).toMatchObject({ createdCount: 1, updatedCount: 2, failedCount: 0 });
    const [after] = await findProductsBySlug(desk.services.collections, ['bowl-30001']);
    expect(after).toMatchObject({
      _id: before!._id,
      brand: 'Other Clay',
      description: before!.description,
      categoryIds: before!.categoryIds,
      options: [{ name: 'Size', values: ['S', 'L', 'XL'] }],
      version: 2,
    });
    expect(after!.variants.map(({ sku, weightGrams, version }) => [sku, weightGrams, version])).toEqual([
      ['BOWL-30001-S', 310, 2],
      ['BOWL-30001-L', 700, 1],
      ['BOWL-30001-XL', null, 1],
    ]);
  });

  test('rows that do not fit what is there are refused', async () => {
    await upload(desk, `${productLine(31_001)}\n${productLine(31_002)}`);
    await run();
    const [gone] = await findProductsBySlug(desk.services.collections, ['bowl-31002']);
    done(await archiveProduct(desk.services, EDITOR, { productId: gone!._id, expectedVersion: 1 }));
    const file = [
      { title: 'Bowl 31001', options: [{ name: 'Colour', values: ['Red'] }] },
      { title: 'Bowl 31001', variants: [{ sku: 'BOWL-31001-S', options: [{ name: 'Size', value: 'L' }] }] },
      { title: 'Bowl 31001', variants: [{ sku: 'NEW', options: [{ name: 'Size', value: 'L' }] }] },
      { title: 'Bowl 31002' },
    ];
    const id = await upload(desk, file.map((line) => JSON.stringify(line)).join('\n'));
    await run();
    expect((await failures(id)).map(({ row, field }) => [row, field])).toEqual([
      [1, 'options'],
      [2, 'variants.0.options'],
      [3, 'variants.0.options'],
      [4, 'productId'],
    ]);
  });

  test('a dry run counts and reports, and writes nothing', async () => {
    const id = await upload(desk, `${productLine(40_001)}\nnonsense\n${productLine(40_002)}`, 'NDJSON', true);
    await run();
    expect(await importOf(desk, id)).toMatchObject({ state: 'COMPLETED', createdCount: 6, failedCount: 1 });
    expect(await failures(id)).toMatchObject([{ row: 2 }]);
    expect(await findProductsBySlug(desk.services.collections, ['bowl-40001', 'bowl-40002'])).toEqual([]);
  });

  describe('CSV', () => {
    test('is read a variant a row, and rows of one slug make one product', async () => {
      const file = [
        '\ufefftitle,slug,description,categories,option:Size,sku,weight_grams,length_mm,width_mm,height_mm',
        '"Jug, blue",blue-jug,"Holds',
        'a ""litre"".",bowls,S,JUG-S,400,10,20,30',
        '"Jug, blue",blue-jug,,,L,JUG-L,900,,,',
        'No such size,,,,,JUG-X,heavy,,,',
        'Too short,,x',
        '"Open,',
      ].join('\r\n');
      const id = await upload(desk, file, 'CSV');
      await run();
      expect(await importOf(desk, id)).toMatchObject({
        state: 'COMPLETED',
        totalRows: 5,
        processedRows: 5,
        createdCount: 3,
        failedCount: 3,
      });
      expect((await failures(id)).map(({ row, field, sku }) => [row, field, sku])).toEqual([
        [5, 'weight_grams', 'JUG-X'],
        [6, null, null],
        [7, null, null],
      ]);
      const [jug] = await findProductsBySlug(desk.services.collections, ['blue-jug']);
      expect(jug).toMatchObject({
        title: 'Jug, blue',
        description: 'Holds\na "litre".',
        options: [{ name: 'Size', values: ['S', 'L'] }],
        variants: [
          { sku: 'JUG-S', weightGrams: 400, dimensions: { lengthMm: 30, widthMm: 20, heightMm: 10 } },
          { sku: 'JUG-L', weightGrams: 900, dimensions: null },
        ],
      });
    });

    test('with a header that cannot be read fails as a whole', async () => {
      const headers = ['title,sku,colour', 'title,slug', 'title,sku,sku', '"title,sku'];
      for (const header of headers) {
        const id = await upload(desk, `${header}\nA,b,c\n${header.startsWith('"') ? '"\nx' : ''}`, 'CSV');
        await run();
        expect(await importOf(desk, id)).toMatchObject({ state: 'FAILED', failedCount: 1, processedRows: 0 });
        expect(await failures(id)).toMatchObject([{ row: 1, message: expect.any(String) }]);
      }
    });
  });

  describe('the upload', () => {
    const lines = productLines(3, 50_001);

    test('is taken once, under the address that was given', async () => {
      const opened = await open(desk);
      const forged = { ...opened, url: new URL('https://shop.test/?signature=AAAA') };
      expect(await send(desk, forged, lines)).toEqual({ ok: false, reason: 'forged' });
      const other = await open(desk);
      expect(await send(desk, { ...opened, url: other.url }, lines)).toEqual({ ok: false, reason: 'forged' });
      expect(await send(desk, opened, '\n \n')).toEqual({ ok: false, reason: 'empty' });
      const outcomes = await Promise.all([send(desk, opened, lines), send(desk, opened, lines)]);
      expect(outcomes.filter(({ ok }) => ok)).toEqual([{ ok: true, rows: 3, bytes: lines.length }]);
      expect(await send(desk, opened, lines)).toEqual({ ok: false, reason: 'used' });
      expect(await send(desk, { ...opened, id: 'imp_nothing' }, lines)).toEqual({
        ok: false,
        reason: 'unknown',
      });
    });

    test('can be sent again when it broke off, and leaves nothing behind', async () => {
      const opened = await open(desk);
      const breaking = (async function* () {
        yield Buffer.alloc(1_500_000, 'x');
        throw new Error('socket hang up');
      })();
      const source = {
        importId: opened.id,
        signature: opened.url.searchParams.get('signature')!,
        source: breaking,
      };
      const { receiveFile } = await import('./import-uploading.ts');
      expect(await receiveFile(desk.services, source)).toEqual({ ok: false, reason: 'broken off' });
      expect(await desk.services.collections.importChunks.countDocuments({ importId: opened.id })).toBe(0);
      expect(await send(desk, opened, lines)).toMatchObject({ ok: true });
    });

    test('is bounded', async () => {
      const opened = await open(desk);
      const { receiveFile, CHUNK_BYTES, MAX_FILE_BYTES } = await import('./import-uploading.ts');
      const upload = {
        importId: opened.id,
        signature: opened.url.searchParams.get('signature')!,
        source: [],
      };
      const announced = await receiveFile(desk.services, { ...upload, announcedBytes: MAX_FILE_BYTES + 1 });
      expect(announced).toEqual({ ok: false, reason: 'too large' });
      const flood = [Buffer.alloc(CHUNK_BYTES), Buffer.alloc(MAX_FILE_BYTES - CHUNK_BYTES + 1)];
      expect(await receiveFile(desk.services, { ...upload, source: flood })).toEqual({
        ok: false,
        reason: 'too large',
      });
      expect(await desk.services.collections.importChunks.countDocuments({ importId: opened.id })).toBe(0);
    });

    test('must come within the hour', async () => {
      const opened = await open(desk);
      desk.pass(61 * 60_000);
      expect(await send(desk, opened, lines)).toEqual({ ok: false, reason: 'expired' });
      desk.pass(2 * 60 * 60_000);
      await dropForgottenImports(desk.services);
      expect(await importOf(desk, opened.id)).toBeUndefined();
    });
  });

  test('a cancelled import stops after its batch and keeps what it has written', async () => {
    const id = await upload(desk, productLines(2_000, 60_001));
    const running = run();
    // Cancelled while it works, whenever that is.
    await until(async () => (await importOf(desk, id)).processedRows || undefined);
    expect(done(await cancelImport(desk.services, EDITOR, { importId: id })).state).toBe('CANCELLED');
    await running;
    const stopped = await importOf(desk, id);
    expect(stopped).toMatchObject({ state: 'CANCELLED', finishedAt: expect.any(Date) });
    expect(stopped.processedRows).toBeLessThan(2_000);
    expect(stopped.createdCount).toBe(stopped.processedRows * 3);
    const written = await findProductsBySku(
      desk.services.collections,
      Array.from({ length: 2_000 }, (_, index) => `BOWL-${60_001 + index}-S`),
    );
    expect(written).toHaveLength(stopped.processedRows);
    expect(refusals(await cancelImport(desk.services, EDITOR, { importId: id }))).toEqual([
      'IMPORT_FINISHED at importId',
    ]);
    expect(refusals(await cancelImport(desk.services, EDITOR, { importId: 'imp_x' }))).toEqual([
      'IMPORT_NOT_FOUND at importId',
    ]);
  });
});
