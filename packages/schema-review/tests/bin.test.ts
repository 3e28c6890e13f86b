/** The command as people and machines run it: exit codes, outputs, settings. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { progressLine } from '../cli/progress.ts';
import { run } from '../cli/run.ts';
import { isColoured, type Surroundings } from '../cli/surroundings.ts';
import { CODES } from '../codes.ts';
import { BIN, runBin, runHere } from './bin.ts';
import { edited, newFolder, putFiles, SHOP, shopWith } from './shop.ts';

const TEAS = 'schema/teas.graphql';
const STARS = 'schema/stars.graphql';

let root: string;
const folders: Record<string, string> = {};
const both = (head: string, ...more: string[]) => [
  '--base',
  folders.base!,
  '--head',
  folders[head]!,
  ...more,
];

beforeAll(() => {
  root = newFolder();
  const sides = {
    base: {},
    same: edited(TEAS, '"Reads."', '# Nothing that anybody could notice.\n"Reads."'),
    unused: edited(TEAS, '  "Where it grows."\n  origin: String\n', ''),
    used: edited(TEAS, '  "What it is called."\n  name: String\n', ''),
    rule: edited(TEAS, 'name: String', 'name: String\n  mates: [Tea!]'),
    clash: edited(STARS, 'stars: Float', 'name: Int'),
    accepted: {
      ...edited(TEAS, '  "What it is called."\n  name: String\n', ''),
      'schema-review.yaml':
        'failOn: breaking\naccept: [{ code: FIELD_REMOVED, at: Tea.name, reason: All teas are anonymous now }]',
    },
    moved: {
      ...Object.fromEntries(Object.keys(SHOP).map((path) => [path, undefined])),
      ...Object.fromEntries(
        Object.entries(SHOP).map(([path, text]) => [
          path.replace(/^schema\//, 'api/'),
          text.replaceAll('file: schema/', 'file: api/'),
        ]),
      ),
      'schema-review.yaml': 'operations: api/operations',
    },
  };
  for (const [name, changes] of Object.entries(sides))
    folders[name] = putFiles(join(root, name), shopWith(changes));
  const elsewhere = (changes = {}) =>
    Object.fromEntries(
      Object.entries(shopWith(changes)).map(([path, text]) => [
        path.replace('schema/operations', 'clients'),
        text,
      ]),
    );
  folders.unset = putFiles(join(root, 'unset'), elsewhere());
  folders.firstSettings = putFiles(join(root, 'firstSettings'), {
    ...elsewhere(sides.used),
    'schema-review.yaml': 'operations: clients',
  });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the exit code', () => {
  test.each<[head: string, args: string[], code: number, last: RegExp]>([
    ['same', [], 0, /^0 breaking, 0 risky, 0 safe: passes at breaking-used/],
    ['unused', [], 0, /^1 breaking \(none used\), .*passes at breaking-used/],
    ['unused', ['--fail-on', 'breaking'], 1, /fails at breaking /],
    ['used', [], 1, /^1 breaking \(all used\), .*fails at breaking-used/],
    ['rule', [], 0, /^0 breaking, 2 risky, .*passes at breaking-used/],
    ['rule', ['--fail-on', 'risky'], 1, /fails at risky/],
    ['clash', [], 2, /does not compose/],
    ['accepted', [], 0, /1 accepted: passes at breaking /],
    ['moved', [], 0, /^0 breaking, 0 risky, 0 safe: passes/],
    ['firstSettings', [], 1, /^1 breaking \(all used\)/],
  ])('%s %j: %d', async (head, args, code, last) => {
    const base = head === 'firstSettings' ? 'unset' : 'base';
    const ran = await runHere(root, ['--base', folders[base]!, '--head', folders[head]!, ...args]);
    expect(ran.stdout.trimEnd().split('\n').at(-1)).toMatch(last);
    expect(ran).toMatchObject({ code, stderr: '' });
  });

  test.each<[head: string, code: number, last: RegExp]>([
    ['used', 1, /fails at breaking-used/],
    ['clash', 2, /does not compose/],
  ])('%s as a process, which composes in threads: %d', async (head, code, last) => {
    const ran = await runBin(root, both(head, '--no-cache'));
    expect(ran.stdout.trimEnd().split('\n').at(-1)).toMatch(last);
    expect(ran).toMatchObject({ code, stderr: '' });
  });

  test('a fault of the tool itself is 3, and tells where', async () => {
    let said = '';
    const out = {
      write: () => {
        throw new Error('the moon is full');
      },
    } as unknown as NodeJS.WriteStream;
    const err = {
      write: (text: string) => {
        said += text;
        return true;
      },
    } as unknown as NodeJS.WriteStream;
    const around: Surroundings = {
      stdout: out,
      stderr: err,
      env: {},
      cwd: root,
      version: '0',
      progress: progressLine(err),
    };
    expect(await run(['--help'], around)).toBe(3);
    expect(said).toMatch(/fault of its own, please report it: the moon is full\nError: .*\n +at /);
  });
});

describe('outputs', () => {
  test('several at once, each to its file, one to standard output', async () => {
    const { code, stdout, stderr } = await runHere(
      root,
      both(
        'used',
        '--format',
        'github',
        '--format',
        'markdown=out/comment.md',
        '--format',
        'json=out/review.json',
        '--format',
        'sarif=out/review.sarif',
      ),
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error file=schema\/teas\.graphql,title=FIELD_REMOVED Tea\.name::/);
    expect(stderr).toMatch(/^1 breaking .*fails at breaking-used\n$/);
    const read = (file: string) => readFileSync(join(root, 'out', file), 'utf8');
    expect(read('comment.md')).toMatch(/^<!-- schema-review -->\n### ❌/);
    expect(JSON.parse(read('review.json')).verdict.exitCode).toBe(1);
    expect(JSON.parse(read('review.sarif')).runs[0].results[0].ruleId).toBe('FIELD_REMOVED');
  });

  test('--output is where a single format goes', async () => {
    const { stdout } = await runHere(root, both('used', '--format', 'json', '--output', 'one.json'));
    expect(stdout).toBe('');
    expect(JSON.parse(readFileSync(join(root, 'one.json'), 'utf8')).composes).toBe(true);
  });

  test('a reader that stops early is no fault', async () => {
    const ended = await new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [BIN, '--explain', 'all'], { stdio: ['ignore', 'pipe', 'pipe'] });
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      // Before it has written anything.
      child.stdout.destroy();
      child.on('close', (code) => resolve({ code, stderr }));
    });
    expect(ended).toEqual({ code: 0, stderr: '' });
  });

  test('colour is for terminals, unless NO_COLOR says no', () => {
    const tty = { isTTY: true } as NodeJS.WriteStream;
    expect(isColoured(tty, {})).toBe(true);
    expect(isColoured(tty, { NO_COLOR: '' })).toBe(true);
    expect(isColoured(tty, { NO_COLOR: '1' })).toBe(false);
    expect(isColoured(tty, { TERM: 'dumb' })).toBe(false);
    expect(isColoured({} as NodeJS.WriteStream, {})).toBe(false);
  });

  test('progress is for terminals, once the work is long, and gone at the end', async () => {
    let shown = '';
    const stream = (isTTY: boolean) =>
      ({
        isTTY,
        write: (text: string) => {
          shown += text;
          return true;
        },
      }) as unknown as NodeJS.WriteStream;
    let now = 0;
    const line = progressLine(stream(true), () => now);
    line.show({ phase: 'compose', done: 0, total: 2 });
    expect(shown).toBe('');
    now = 1_000;
    line.show({ phase: 'plan', done: 7, total: 300 });
    line.show({ phase: 'plan', done: 8, total: 300 });
    expect(shown).toBe('\r\x1b[2KPlanning operations 7 of 300 …');
    line.clear();
    expect(shown.endsWith('\r\x1b[2K')).toBe(true);
    shown = '';
    progressLine(stream(false), () => now).show({ phase: 'plan', done: 7, total: 300 });
    expect(shown).toBe('');
  });
});

test('--usage tells how many requests a change touches, from a file that is anywhere', async () => {
  putFiles(join(root, 'traffic'), {
    'counts.json': JSON.stringify({ web: { TeaPage: 1200, TeaList: 3 }, app: { TeaList: 9 } }),
  });
  const { stdout } = await runHere(root, both('used', '--usage', 'traffic/counts.json'));
  expect(stdout).toMatch(/used by web\/TeaPage \(.*, 1,200 requests\)/);
  const absolute = join(root, 'traffic/counts.json');
  expect((await runHere(root, both('used', '--usage', absolute))).stdout).toContain('1,200 requests');
});

describe('what it keeps', () => {
  test('results are found again, and none are kept with --no-cache', async () => {
    const home = join(root, 'home');
    const env = { XDG_CACHE_HOME: home };
    await runHere(root, both('same', '--no-cache'), env);
    expect(existsSync(home)).toBe(false);
    const first = await runHere(root, both('unused'), env);
    expect(existsSync(join(home, 'schema-review'))).toBe(true);
    const again = await runHere(root, both('unused'), env);
    const withoutTime = ({ stdout }: { stdout: string }) => stdout.replace(/\(\d+\.\d s\)/, '');
    expect(withoutTime(again)).toBe(withoutTime(first));
  });
});

describe('help', () => {
  test('--explain tells every code of the table', async () => {
    const { stdout, code } = await runBin(root, ['--explain', 'all']);
    expect(code).toBe(0);
    expect(stdout.match(/^[A-Z0-9_]+(?= )/gm)?.sort()).toEqual(Object.keys(CODES).sort());
  });

  test('--explain CODE says what, why, and how to mend it', async () => {
    const { stdout } = await runHere(root, ['--explain', 'list_unbounded']);
    expect(stdout).toMatch(/^LIST_UNBOUNDED \(rule, risky\)\n.*\n\n(.+\n){3}$/);
  });

  test('--help and --version', async () => {
    expect((await runHere(root, ['--help'])).stdout).toMatch(
      /--fail-on LEVEL +breaking-used, breaking, risky/,
    );
    expect((await runBin(root, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
