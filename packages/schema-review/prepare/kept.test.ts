/** Losing what is kept costs time, never truth; and it never grows without bound. */
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keptIn } from './kept.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schema-review-kept-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('What was written is read, also in a folder that was not there', async () => {
  const kept = keptIn(join(folder, 'not/there/yet'));
  expect(await kept.read('a.json')).toBeUndefined();
  await kept.write('a.json', { told: ['this'] });
  expect(await kept.read('a.json')).toEqual({ told: ['this'] });
});

test('What is spoilt is as good as not there', async () => {
  await writeFile(join(folder, 'a.json'), '{ "half": ');
  expect(await keptIn(folder).read('a.json')).toBeUndefined();
});

test('Many that write the same at once leave one whole file, and nothing else', async () => {
  const values = Array.from({ length: 20 }, (_, index) => ({ index, long: 'x'.repeat(200_000) }));
  await Promise.all(values.map((value) => keptIn(folder).write('a.json', value)));
  expect(values).toContainEqual(JSON.parse(await readFile(join(folder, 'a.json'), 'utf8')));
  expect(await readdir(folder)).toEqual(['a.json']);
});

test('A folder that cannot be written to is no reason to fail', async () => {
  await writeFile(join(folder, 'file'), '');
  const kept = keptIn(join(folder, 'file/below'));
  await kept.write('a.json', 1);
  expect(await kept.read('a.json')).toBeUndefined();
});

test('The oldest go when there are many, and what was read lately is not old', async () => {
  const kept = keptIn(folder);
  for (let index = 0; index < 64; index += 1) {
    await kept.write(`${index}.json`, index);
    const long = new Date(Date.now() - 1_000_000 + index * 1000);
    await utimes(join(folder, `${index}.json`), long, long);
  }
  expect(await kept.read('0.json')).toBe(0);
  await kept.write('64.json', 64);
  expect((await readdir(folder)).length).toBe(64);
  expect(await kept.read('0.json')).toBe(0);
  expect(await kept.read('1.json')).toBeUndefined();
});
