/** Work is done once: for sides that are alike, and for what was prepared before. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keepNothing, keptIn } from './kept.ts';
import { runPrepare } from './run.ts';

const SHOP = { name: 'shop', url: 'http://shop', file: 'shop.graphql', sdl: 'type Query { a: Int b: Int }' };
const [A, B, WRONG] = ['query A { a }', 'query B { b }', 'query C { c }'] as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schema-review-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('Operations are planned, and those that are not valid have no plan', async () => {
  const { composition, plans } = await runPrepare([SHOP], [A, WRONG], { kept: keepNothing });
  expect(composition.supergraphSdl).toContain('join__Graph');
  expect(plans[A]).toMatchObject({ fetches: 1, depth: 1, services: ['shop'] });
  expect(plans[WRONG]).toBeNull();
});

test('What was prepared before is not prepared again, and only new operations are planned', async () => {
  const planned: number[] = [];
  const run = (operations: readonly string[]) =>
    runPrepare([SHOP], operations, { kept: keptIn(folder), onPlanned: (done) => planned.push(done) });
  const first = await run([A]);
  expect(await run([A])).toEqual(first);
  expect(planned).toEqual([1]);
  const { plans } = await run([A, B, WRONG]);
  expect(Object.keys(plans)).toEqual([A, B, WRONG]);
  expect(planned).toEqual([1, 1, 2]);
  await run([WRONG]);
  expect(planned).toEqual([1, 1, 2]);
});

test('Another name, URL, file or SDL is another thing', async () => {
  const kept = keptIn(folder);
  await runPrepare([SHOP], [], { kept });
  for (const other of [{ name: 'store' }, { url: 'http://store' }, { sdl: 'type Query { a: Float }' }]) {
    const { composition } = await runPrepare([{ ...SHOP, ...other }], [], { kept });
    const told = other.sdl === undefined ? composition.supergraphSdl : composition.apiSdl;
    expect(told).toContain(other.name ?? other.url ?? 'Float');
  }
});

test('Sides that are alike are composed once, whatever operations each has', async () => {
  const underWay = new Map();
  const options = { kept: keepNothing, underWay };
  const [base, head] = await Promise.all([
    runPrepare([SHOP], [A], options),
    runPrepare([SHOP], [A, B], options),
  ]);
  expect(head.composition).toBe(base.composition);
  expect(head.plans[A]).toBe(base.plans[A]);
  expect(head.plans[B]).toMatchObject({ fetches: 1 });
});

test('A worker that dies is told, and leaves nothing behind that would be taken for a result', async () => {
  const worker = join(folder, 'worker.mjs');
  const run = () => runPrepare([SHOP], [A], { kept: keptIn(folder), worker: pathToFileURL(worker) });
  await writeFile(worker, 'process.exit(7)');
  await expect(run()).rejects.toThrow('the worker ended with 7 before it was done');
  await writeFile(worker, 'throw new Error("out of order")');
  await expect(run()).rejects.toThrow('out of order');
  const { plans } = await runPrepare([SHOP], [A], { kept: keptIn(folder) });
  expect(plans[A]).toMatchObject({ fetches: 1 });
});
