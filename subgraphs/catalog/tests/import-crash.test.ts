/** An import whose process is killed goes on where it was, and ends as if nothing had happened. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { folderOf } from '@souk/kit/room/package-folder';
import { MONGODB_URL, withMongodb } from '@souk/kit/tests/stores';
import { until } from '@souk/kit/tests/until';
import { importBatch } from '../domain/import-batch.ts';
import { readRow } from '../domain/import-rows.ts';
import { BATCH_ROWS, runImports } from '../domain/import-running.ts';
import { listImportFailures } from '../store/import-failures.ts';
import { type Desk, newCategory, openDesk } from './desk.ts';
import { importOf, productLine, upload } from './import-file.ts';

const KILLS = process.env.SOUK_LONG_TESTS ? 3 : 1;
const ROWS = 2_000 * KILLS;
const WORKER = fileURLToPath(new URL('tests/import-worker.ts', folderOf('@souk/catalog')));

withMongodb('an import whose process is killed', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
    await newCategory(desk, 'Bowls');
  });
  afterAll(() => desk.close());

  const line = (number: number) => (number % 10 === 0 ? 'spoilt' : productLine(number));
  const expectWhole = async (id: string, rows: number) => {
    const good = rows - rows / 10;
    expect(await importOf(desk, id)).toMatchObject({
      state: 'COMPLETED',
      processedRows: rows,
      createdCount: good * 3,
      updatedCount: 0,
      failedCount: rows / 10,
    });
    expect(await desk.services.collections.importFailures.countDocuments({ importId: id })).toBe(rows / 10);
    const [first] = await listImportFailures(desk.services.collections, id, { size: 1, backward: false });
    expect(first!.row).toBe(10);
    const products = await desk.services.collections.products.countDocuments({ 'lastImport.importId': id });
    expect(products).toBe(good);
  };

  test('goes on in another process, however often', async () => {
    const file = Array.from({ length: ROWS }, (_, index) => line(index + 1)).join('\n');
    const id = await upload(desk, file);
    for (let kills = 0; kills < KILLS; kills++) {
      const { processedRows: before } = await importOf(desk, id);
      const args = ['--import', 'tsx', '-C', 'souk-src', WORKER, MONGODB_URL!, desk.mongodb.db.databaseName];
      const worker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(worker, 'exit');
      // On a busy machine a start takes its time.
      await once(worker.stdout, 'data');
      // Killed as soon as it got anywhere, wherever that is.
      await until(async () => ((await importOf(desk, id)).processedRows > before ? true : undefined));
      worker.kill('SIGKILL');
      await ended;
      // Its lease ends by the clock.
      desk.pass(10_000);
      await desk.services.collections.imports.updateOne(
        { _id: id },
        { $set: { 'lease.until': new Date(0) } },
      );
    }
    const { state, processedRows } = await importOf(desk, id);
    expect(state).toBe('RUNNING');
    expect(processedRows).toBeGreaterThan(0);
    await runImports(desk.services, new AbortController().signal);
    await expectWhole(id, ROWS);
  }, 120_000);

  test('loses no count when it dies between a batch and its progress', async () => {
    const rows = BATCH_ROWS * 2;
    const from = 100_000;
    const lines = Array.from({ length: rows }, (_, index) =>
      index % 10 === 9 ? 'spoilt' : productLine(from + index),
    );
    const id = await upload(desk, lines.join('\n'));
    const row = await importOf(desk, id);
    const first = lines
      .slice(0, BATCH_ROWS)
      .map((text, index) =>
        readRow({ line: index + 1, bytes: Buffer.from(text), next: { byte: 0, line: 0 } }, null),
      );
    // The batch is written, and the process dies before it can say so.
    await importBatch(desk.services, row, 1, first);
    expect(await importOf(desk, id)).toMatchObject({ processedRows: 0, next: { byte: 0, line: 1 } });
    await runImports(desk.services, new AbortController().signal);
    await expectWhole(id, rows);
  });

  test('is given back when its process stops in good order', async () => {
    const id = await upload(
      desk,
      Array.from({ length: 2_000 }, (_, index) => productLine(200_000 + index)).join('\n'),
    );
    const stopping = new AbortController();
    const running = runImports(desk.services, stopping.signal);
    await until(async () => (await importOf(desk, id)).processedRows || undefined);
    stopping.abort();
    await running;
    const left = await importOf(desk, id);
    expect(left).toMatchObject({ state: 'RUNNING', lease: null });
    await runImports(desk.services, new AbortController().signal);
    expect(await importOf(desk, id)).toMatchObject({ state: 'COMPLETED', createdCount: 6_000 });
  });
});
