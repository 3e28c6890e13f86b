import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { get, post, send } from '../tests/toy/ask.ts';
import { startToyRouter, type ToyRouter } from '../tests/toy/router.ts';
import { readRegistered } from './registered.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const ME = 'query Me { me { name } }';
const PERSON = 'query Person($id: ID!) { person(id: $id) { name } }';
const ME_HASH = sha256('another spelling of Me');

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-manifests-'));
  await writeFile(file('codegen.json'), JSON.stringify({ [`sha256:${ME_HASH}`]: ME }));
  const operations = [{ id: 'person-1', name: 'Person', type: 'query', body: PERSON }];
  const apollo = { format: 'apollo-persisted-query-manifest', version: 1, operations };
  await writeFile(file('apollo.json'), JSON.stringify(apollo));
});
afterAll(() => rm(folder, { recursive: true }));

/** A request without a text, told by its parameters. */
const ask = ({ handler }: ToyRouter, params: object) => send(handler, { body: JSON.stringify(params) });
const persisted = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });

describe('registered documents', () => {
  let toy: ToyRouter;
  let strict: ToyRouter;
  beforeAll(async () => {
    const manifests = [file('codegen.json'), file('apollo.json')];
    toy = await startToyRouter({ documents: { mode: 'open', manifests } });
    strict = await startToyRouter({ documents: { mode: 'registered', manifests } });
  });
  afterAll(async () => {
    await toy.router.stop();
    await strict.router.stop();
  });

  test('are run by their id, from manifests of either make', async () => {
    for (const router of [toy, strict]) {
      expect((await ask(router, { documentId: `sha256:${ME_HASH}` })).data).toEqual({ me: { name: 'Ada' } });
      expect((await ask(router, { documentId: 'person-1', variables: { id: 'p2' } })).data).toEqual({
        person: { name: 'Ben' },
      });
    }
  });

  test('are run by the hash in their id, with GET too; a text beside it is not read', async () => {
    expect((await ask(strict, persisted(ME_HASH))).data).toEqual({ me: { name: 'Ada' } });
    const extensions = JSON.stringify(persisted(ME_HASH).extensions);
    const told = await get(strict.handler, new URLSearchParams({ extensions }).toString());
    expect(told.data).toEqual({ me: { name: 'Ada' } });
    expect(
      (await ask(strict, { query: '{ people { email } }', documentId: `sha256:${ME_HASH}` })).data,
    ).toEqual({ me: { name: 'Ada' } });
  });

  test.each([
    ['a text', { query: '{ people { name } }' }, 'send the id of one as documentId'],
    ['a registered text', { query: ME }, 'send the id of one as documentId'],
    ['an unknown id', { documentId: 'person-2' }, 'person-2 is none of them'],
    ['an unknown hash', persisted(sha256('x')), 'is none of them'],
    ['a text to remember', { query: ME, ...persisted(sha256(ME)) }, 'is none of them'],
    ['introspection', { query: '{ __schema { queryType { name } } }' }, 'send the id'],
    ['nothing', {}, 'send the id of one as documentId'],
  ])('are all that runs where nothing else may: not %s', async (_, params, message) => {
    const told = await ask(strict, params);
    expect(told.errors).toEqual([
      { message: expect.stringContaining(message), extensions: { code: 'PERSISTED_QUERY_REQUIRED' } },
    ]);
    expect(told.data).toBeUndefined();
  });

  test('of an id that nobody knows are not found where texts may be sent', async () => {
    expect((await ask(toy, { documentId: 'person-2' })).errors[0]!.extensions).toEqual({
      code: 'PERSISTED_QUERY_NOT_FOUND',
      reason: 'no document is registered as person-2',
    });
  });
});

describe('automatic persisted queries', () => {
  const start = (documentCapacity = 10) => startToyRouter({ documentCapacity });

  test('are asked for once with their text, and from then on found by their hash', async () => {
    const toy = await start();
    const missed = await ask(toy, persisted(sha256(ME)));
    expect(missed.status).toBe(200);
    // Clients compare both, letter by letter.
    expect(missed.errors).toEqual([
      { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
    expect(missed.headers['cache-control']).toBe('no-store');
    expect((await ask(toy, { query: ME, ...persisted(sha256(ME)) })).data).toEqual({ me: { name: 'Ada' } });
    expect((await ask(toy, persisted(sha256(ME)))).data).toEqual({ me: { name: 'Ada' } });
    await toy.router.stop();
  });

  test('with the hash of another text are refused, and not remembered', async () => {
    const toy = await start();
    const told = await ask(toy, { query: PERSON, ...persisted(sha256(ME)) });
    expect(told.status).toBe(400);
    expect(told.errors[0]!.extensions.code).toBe('PERSISTED_QUERY_HASH_MISMATCH');
    expect((await ask(toy, persisted(sha256(ME)))).errors[0]!.message).toBe('PersistedQueryNotFound');
    await toy.router.stop();
  });

  test('are forgotten when there are too many, the one used least lately first', async () => {
    const toy = await start(2);
    const texts = ['{ me { id } }', '{ me { name } }', '{ people { id } }'];
    for (const query of texts) await ask(toy, { query, ...persisted(sha256(query)) });
    expect((await ask(toy, persisted(sha256(texts[0]!)))).errors).toHaveLength(1);
    expect((await ask(toy, persisted(sha256(texts[2]!)))).errors).toEqual([]);
    await toy.router.stop();
  });

  test('that are padded out are run but not remembered', async () => {
    const toy = await start();
    const query = `${ME}#${'x'.repeat(100_000)}`;
    expect((await ask(toy, { query, ...persisted(sha256(query)) })).errors).toEqual([]);
    expect((await ask(toy, persisted(sha256(query)))).errors).toHaveLength(1);
    await toy.router.stop();
  });

  test.each([
    ['another version', { version: 2, sha256Hash: sha256(ME) }],
    ['a version in words', { version: '1', sha256Hash: sha256(ME) }],
    ['no hash', { version: 1 }],
    ['a hash that is none', { version: 1, sha256Hash: '__proto__' }],
    ['a hash in upper case', { version: 1, sha256Hash: sha256(ME).toUpperCase() }],
    ['a text in place of an object', sha256(ME)],
  ])('with %s are refused', async (_, persistedQuery) => {
    const toy = await start();
    const told = await post(toy.handler, ME, { extensions: { persistedQuery } } as object);
    expect(told.status).toBe(400);
    expect(told.errors[0]!.message).toContain('extensions.persistedQuery must be');
    await toy.router.stop();
  });
});

describe('a manifest', () => {
  const written = async (name: string, content: unknown) => {
    await writeFile(file(name), typeof content === 'string' ? content : JSON.stringify(content));
    return [file(name)];
  };

  test('may be one of a folder, at any depth', async () => {
    const below = file('clients/web');
    await mkdir(below, { recursive: true });
    await writeFile(join(below, 'a.json'), JSON.stringify({ a: ME }));
    await writeFile(join(below, 'b.ts'), 'not a manifest');
    await writeFile(file('clients/c.json'), JSON.stringify({ c: PERSON }));
    expect([...(await readRegistered([file('clients')])).operationNames].sort()).toEqual(['Me', 'Person']);
  });

  test('tells the names of its operations and their texts', async () => {
    const registered = await readRegistered([file('codegen.json'), file('apollo.json')]);
    expect([...registered.operationNames]).toEqual(['Me', 'Person']);
    expect(registered.texts).toEqual([ME, PERSON]);
  });

  test.each([
    ['that is no JSON', '{', 'cannot be read'],
    ['that is a text', '"a"', 'must be a JSON object'],
    ['that is null', 'null', 'must be a JSON object'],
    ['with something else than texts', { a: 1 }, 'must be a JSON object'],
    ['with an operation without a body', { operations: [{ id: 'a' }] }, 'must be a JSON object'],
    ['with a document that is none', { a: 'query {' }, 'the document a in'],
  ])('%s is refused with its name', async (_, content, message) => {
    await expect(readRegistered(await written('bad.json', content))).rejects.toThrow(message);
    await expect(readRegistered([file('bad.json')])).rejects.toThrow('bad.json');
  });

  test('that is not there is told at the start', async () => {
    await expect(
      startToyRouter({ documents: { mode: 'open', manifests: ['/nowhere/m.json'] } }),
    ).rejects.toThrow('the manifest /nowhere/m.json cannot be read');
  });

  test('that gives another text to a known id is refused', async () => {
    const [other] = await written('other.json', { 'person-1': ME });
    await expect(readRegistered([file('apollo.json'), other!])).rejects.toThrow('person-1');
    await expect(readRegistered([file('apollo.json'), file('apollo.json')])).resolves.toBeDefined();
  });
});
