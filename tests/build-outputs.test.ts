/** What a build leaves in dist/: the files of today, and those that a running process may still load. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ROOT } from '../start/root.ts';

const MODULE = pathToFileURL(join(ROOT, 'build-outputs.mjs')).href;
const MINUTE = 60_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-build-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A build at that minute; in a process of its own, as jest loads no ES modules. */
async function build(minute: number, files: Record<string, string>): Promise<void> {
  const script = `
    import { placeOutputs } from '${MODULE}';
    const files = ${JSON.stringify(Object.entries(files))};
    const outputs = files.map(([name, text]) => ({ path: '${folder}/' + name, contents: Buffer.from(text) }));
    placeOutputs('${folder}', outputs, ['main'], { now: ${minute * MINUTE} });`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
}

const scripts = async () => (await readdir(folder)).filter((name) => name.endsWith('.js')).sort();

test('what is no longer made stays for those who run from it, and then goes', async () => {
  await build(0, { 'main.js': 'import "./chunk-a.js"', 'chunk-a.js': 'a' });
  await build(60, { 'main.js': 'import "./chunk-b.js"', 'chunk-b.js': 'b' });
  expect(await scripts()).toEqual(['chunk-a.js', 'chunk-b.js', 'main.js']);
  expect(await readFile(join(folder, 'main.js'), 'utf8')).toBe('import "./chunk-b.js"');
  await build(69, { 'main.js': 'import "./chunk-b.js"', 'chunk-b.js': 'b' });
  expect(await scripts()).toEqual(['chunk-a.js', 'chunk-b.js', 'main.js']);
  await build(70, { 'main.js': 'import "./chunk-b.js"', 'chunk-b.js': 'b' });
  expect(await scripts()).toEqual(['chunk-b.js', 'main.js']);
});

test('what is made again in between is kept for good', async () => {
  await build(0, { 'chunk-a.js': 'a' });
  await build(5, { 'chunk-b.js': 'b' });
  await build(10, { 'chunk-a.js': 'a' });
  await build(16, { 'chunk-b.js': 'b' });
  expect(await scripts()).toEqual(['chunk-a.js', 'chunk-b.js']);
});

test('what is the same is not written again, and what a build does not make by name is not touched', async () => {
  await build(0, { 'main.js': '1' });
  await writeFile(join(folder, 'manifest.json'), '{}');
  const { ino, mtimeMs } = await stat(join(folder, 'main.js'));
  await build(600, { 'main.js': '1' });
  expect(await stat(join(folder, 'main.js'))).toMatchObject({ ino, mtimeMs });
  expect(await readdir(folder)).toEqual(['main.js', 'manifest.json', 'unused.json']);
});

test('a process never reads half a file: what has changed is put in place whole', async () => {
  await build(0, { 'main.js': '1' });
  const { ino } = await stat(join(folder, 'main.js'));
  await build(0, { 'main.js': '2' });
  // Another file under the same name: whoever has the old one open reads it to its end.
  expect((await stat(join(folder, 'main.js'))).ino).not.toBe(ino);
});
