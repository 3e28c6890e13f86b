/** Bad input gets one clear sentence with the file and what to do, exit 2, and no stack trace. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runBin, runHere } from './bin.ts';
import { edited, newFolder, putFiles, shopWith } from './shop.ts';

let root: string;
let base: string;

beforeAll(() => {
  root = newFolder();
  base = putFiles(join(root, 'base'), shopWith());
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function git(folder: string, ...args: string[]): void {
  const as = ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...as, ...args], { cwd: folder, stdio: 'pipe' });
}

async function expectRefused(
  args: readonly string[],
  message: RegExp,
  { cwd = root, by = runHere } = {},
): Promise<void> {
  const { code, stdout, stderr } = await by(cwd, args);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^schema-review: [^\n]+\n$/);
  expect(stderr).not.toMatch(/\bat .*\.[jt]s:\d+/);
  expect(stdout).toBe('');
  expect(code).toBe(2);
}

const TEA_PAGE = 'schema/operations/web/tea-page.graphql';
const HUGE = `type Query { a: Int }\n${'# a line that says nothing at all\n'.repeat(300_000)}`;

describe('a head that cannot be read', () => {
  test.each<[what: string, changes: Record<string, string | undefined>, message: RegExp]>([
    ['no supergraph.yaml', { 'supergraph.yaml': undefined }, /has no supergraph\.yaml: name the subgraphs/],
    [
      'broken YAML',
      { 'supergraph.yaml': 'subgraphs:\n  teas: [' },
      /supergraph\.yaml:\d+:\d+ in .* is not YAML/,
    ],
    [
      'YAML of another kind',
      { 'supergraph.yaml': 'hello: world' },
      /supergraph\.yaml in .* names no subgraphs/,
    ],
    [
      'a subgraph without a file',
      { 'supergraph.yaml': 'subgraphs: { teas: { schema: { } } }' },
      /no SDL file for teas/,
    ],
    [
      'a named SDL file that is not there',
      { 'schema/stars.graphql': undefined },
      /names schema\/stars\.graphql for stars, .*no such file/,
    ],
    [
      'broken SDL',
      edited('schema/teas.graphql', 'name: String', 'name String'),
      /schema\/teas\.graphql:\d+:\d+ in .* does not parse: .*Expected ":"/,
    ],
    [
      'a huge file',
      { 'schema/teas.graphql': HUGE },
      /schema\/teas\.graphql in .* has 10 MB; at most 8 MB are read/,
    ],
    [
      'an operation that does not parse',
      { [TEA_PAGE]: 'query TeaPage {\n  tea(id: ) { name }\n}' },
      /tea-page\.graphql:2:11 in .* does not parse/,
    ],
    [
      'an operation without a name',
      { [TEA_PAGE]: '{ teas { name } }' },
      /tea-page\.graphql:1 in .* has no name/,
    ],
    [
      'two operations of one name in a client',
      { [TEA_PAGE]: 'query TeaList { teas { name } }' },
      /web\/tea-\w+\.graphql.*web\/tea-\w+\.graphql in .* TeaList: rename one of them/,
    ],
    [
      'budgets that are no JSON',
      { 'schema/operations/web/budgets.json': '{' },
      /budgets\.json in .* is not JSON/,
    ],
    ['broken settings', { 'schema-review.yaml': 'rules: [' }, /schema-review\.yaml:\d+:\d+ is not YAML/],
    [
      'a setting that is none',
      { 'schema-review.yaml': 'failon: risky' },
      /schema-review\.yaml has settings.*failon/,
    ],
    [
      'something accepted without a reason',
      { 'schema-review.yaml': 'accept: [{ code: LIST_UNBOUNDED, reason: " " }]' },
      /accept\.0\.reason: must say why/,
    ],
    [
      'something accepted that is no code',
      { 'schema-review.yaml': 'accept: [{ code: NOPE, reason: because }]' },
      /accept\.0\.code: is not a code; --explain all lists them/,
    ],
  ])('%s', async (what, changes, message) => {
    const head = putFiles(join(root, what.replace(/\W/g, '-')), shopWith(changes));
    await expectRefused(['--base', base, '--head', head], message);
  });

  test('a base is held to the same', async () => {
    const broken = putFiles(join(root, 'broken-base'), shopWith({ 'schema/stars.graphql': 'type {' }));
    await expectRefused(['--base', broken, '--head', base], /schema\/stars\.graphql:1:6 in .*broken-base/);
  });

  test('the page is held to the same', async () => {
    const broken = putFiles(join(root, 'broken-doc'), shopWith({ 'schema/stars.graphql': 'type {' }));
    await expectRefused(['doc', '--head', broken], /schema\/stars\.graphql:1:6/);
    const clash = putFiles(
      join(root, 'clash-doc'),
      shopWith(edited('schema/stars.graphql', 'stars: Float', 'name: Int')),
    );
    await expectRefused(['doc', '--head', clash], /does not compose.*Run check/);
  });
});

describe('git', () => {
  test('a ref that does not exist', async () => {
    const repository = putFiles(join(root, 'repository'), shopWith());
    git(repository, 'init', '--quiet', '--initial-branch', 'main');
    git(repository, 'add', '.');
    git(repository, 'commit', '--quiet', '--message', 'first');
    await expectRefused(['--base', 'nope'], /git ref nope does not exist.*git fetch/, { cwd: repository });
    const { code } = await runHere(repository, ['--base', 'main']);
    expect(code).toBe(0);
  });

  test('a shallow clone without the base', async () => {
    const repository = putFiles(join(root, 'deep'), shopWith());
    git(repository, 'init', '--quiet', '--initial-branch', 'main');
    git(repository, 'add', '.');
    git(repository, 'commit', '--quiet', '--message', 'first');
    git(repository, 'checkout', '--quiet', '-b', 'topic');
    git(repository, 'commit', '--quiet', '--allow-empty', '--message', 'second');
    git(root, 'clone', '--quiet', '--depth', '1', '--branch', 'topic', `file://${repository}`, 'shallow');
    const shallow = join(root, 'shallow');
    await expectRefused([], /shallow clone.*fetch-depth: 0/, { cwd: shallow });
    await expectRefused(['--base', 'HEAD~1'], /shallow clone.*--unshallow/, { cwd: shallow });
  });

  test('a folder that is no repository', async () => {
    await expectRefused([], /is not in a git repository.*--base/, { cwd: base });
  });

  test('a folder that is not there', async () => {
    await expectRefused(['--base', base, '--head', './nowhere'], /folder \.\/nowhere does not exist/);
    await expectRefused(['--base', './nowhere', '--head', base], /folder \.\/nowhere does not exist/);
  });
});

describe('as a process', () => {
  test('a wrong flag', () => expectRefused(['--nope'], /Unknown option '--nope'/, { by: runBin }));

  test('a wrong file', async () => {
    const head = putFiles(join(root, 'no-file'), shopWith({ 'schema/stars.graphql': undefined }));
    await expectRefused(['--base', base, '--head', head], /names schema\/stars\.graphql/, { by: runBin });
  });
});

describe('the command line', () => {
  test.each<[args: string[], message: RegExp]>([
    [['--nope'], /Unknown option '--nope'.*--help lists/],
    [['--base'], /--base.*--help lists/],
    [['--base='], /--base is given nothing/],
    [['review'], /review is not a command: there are "check" and "doc"/],
    [['check', 'main'], /main is not a command.*--base/],
    [['--format', 'xml'], /--format xml is not known: take one of terminal, markdown, json, github, sarif/],
    [['--format', 'json', '--format', 'sarif'], /two formats go to standard output/],
    [['--format', 'json=a', '--format', 'sarif', '--output', 'b'], /--output is for a single format/],
    [['--fail-on', 'never'], /--fail-on never is not known: take one of breaking-used, breaking, risky/],
    [['--explain', 'NOPE'], /NOPE is not a code.*--explain all/],
    [['--explain', 'LIST_BOUNDED'], /did you mean LIST_UNBOUNDED\?/],
    [['doc', '--fail-on', 'risky'], /--fail-on means nothing to doc/],
  ])('%j', (args, message) => expectRefused(args, message));

  test('files that are named and cannot be', async () => {
    const both = ['--base', base, '--head', base];
    await expectRefused([...both, '--config', 'nope.yaml'], /nope\.yaml is not in .*--config/);
    await expectRefused([...both, '--usage', 'nope.json'], /no usage file nope\.json: .*--usage/);
    await expectRefused(
      [...both, '--side-by-side', 'Nope'],
      /Nope names no operation: there are .*web\/TeaPage/,
    );
    mkdirSync(join(root, 'taken'), { recursive: true });
    await expectRefused([...both, '--output', 'taken'], /taken cannot be written: EISDIR.*Name another/);
  });
});
