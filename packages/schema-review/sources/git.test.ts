import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chooseBase, chooseHead } from './choose.ts';
import { gitSource } from './git.ts';

let root: string;

function run(folder: string, ...args: string[]): string {
  const as = ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...as, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function put(folder: string, path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function commit(folder: string, message: string): string {
  run(folder, 'add', '.');
  run(folder, 'commit', '--quiet', '--message', message);
  return run(folder, 'rev-parse', 'HEAD');
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'schema-review-git-'));
  run(root, 'init', '--quiet', '--initial-branch', 'main', 'shop');
  const shop = join(root, 'shop');
  put(shop, 'supergraph.yaml', 'first');
  put(shop, 'schema/a b.graphql', 'scalar Ä');
  put(shop, 'inner/schema/c.graphql', 'inner first');
  symlinkSync('a b.graphql', join(shop, 'schema/link.graphql'));
  commit(shop, 'first');
  run(shop, 'checkout', '--quiet', '-b', 'topic');
  put(shop, 'supergraph.yaml', 'of the topic');
  commit(shop, 'topic');
  run(shop, 'checkout', '--quiet', 'main');
  put(shop, 'supergraph.yaml', 'second');
  commit(shop, 'second');
  run(shop, 'checkout', '--quiet', 'topic');
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const shop = () => join(root, 'shop');

describe('a git ref as a source', () => {
  test('reads and lists what the ref has, whatever is checked out', async () => {
    const source = await gitSource(shop(), 'main');
    expect(await source.read('supergraph.yaml')).toBe('second');
    expect(await source.read('./schema/../supergraph.yaml')).toBe('second');
    expect(await source.read('nowhere.yaml')).toBeUndefined();
    expect(await source.list('schema')).toEqual(['schema/a b.graphql', 'schema/link.graphql']);
    expect(source.name).toMatch(/^main \([0-9a-f]{8}\)$/);
  });

  test('reads many files at once, with spaces, other scripts and links', async () => {
    const source = await gitSource(shop(), 'main');
    const paths = ['schema/a b.graphql', 'schema/link.graphql', 'supergraph.yaml'];
    expect(await Promise.all(paths.map((path) => source.read(path)))).toEqual([
      'scalar Ä',
      'scalar Ä',
      'second',
    ]);
  });

  test('a folder inside the repository is a root of its own', async () => {
    const source = await gitSource(join(shop(), 'inner'), 'HEAD');
    expect(await source.list('.')).toEqual(['schema/c.graphql']);
    expect(await source.read('schema/c.graphql')).toBe('inner first');
  });
});

describe('what --base and --head mean', () => {
  test('without them, the work tree is weighed against what its branch had of main', async () => {
    const { source } = await chooseHead(shop(), undefined);
    put(shop(), 'supergraph.yaml', 'not yet committed');
    expect(await source.read('supergraph.yaml')).toBe('not yet committed');
    const base = await chooseBase(shop(), undefined, 'main', undefined);
    expect(await base.read('supergraph.yaml')).toBe('first');
    expect(base.name).toMatch(/^[0-9a-f]{8}, where this left main$/);
  });

  test('the head may be a ref too, and its own merge base is taken', async () => {
    const { source, folder } = await chooseHead(shop(), 'main');
    expect(folder).toBeUndefined();
    expect(await source.read('supergraph.yaml')).toBe('second');
    const base = await chooseBase(shop(), undefined, 'topic', 'main');
    expect(await base.read('supergraph.yaml')).toBe('first');
  });

  test('an existing folder is that folder', async () => {
    const base = await chooseBase(shop(), join(shop(), 'inner'), 'main', undefined);
    expect(await base.list('.')).toEqual(['schema/c.graphql']);
  });

  test.each([
    ['a ref that is nowhere', () => gitSource(shop(), 'nope'), /git ref nope does not exist in .*git fetch/],
    ['a ref that looks like an option', () => gitSource(shop(), '--all'), /git ref --all does not exist/],
    ['a folder outside git', () => gitSource(root, 'main'), /is not in a git repository.*--base/],
    ['no such main', () => chooseBase(shop(), undefined, 'trunk', undefined), /no branch trunk.*--base/],
    ['a path that is nowhere', () => chooseHead(shop(), './nope'), /folder \.\/nope does not exist/],
  ])('%s is told with what to do', async (_, choose, message) => {
    await expect(choose()).rejects.toThrow(message);
  });

  test('a shallow clone without the base is told how to fetch it', async () => {
    run(root, 'clone', '--quiet', '--depth', '1', '--branch', 'topic', `file://${shop()}`, 'shallow');
    const clone = join(root, 'shallow');
    await expect(chooseBase(clone, undefined, 'main', undefined)).rejects.toThrow(/shallow.*fetch-depth: 0/);
    await expect(chooseBase(clone, 'HEAD~1', 'main', undefined)).rejects.toThrow(/shallow.*--unshallow/);
  });
});
