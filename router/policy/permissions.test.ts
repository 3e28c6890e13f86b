/** What a token opens, and what a client is told of what stays shut. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { post } from '../tests/toy/ask.ts';
import { createIssuer, type Issuer } from '../tests/toy/issuer.ts';
import { askedOf } from '../tests/toy/library.ts';
import { startToyRouter, type ToyRouter } from '../tests/toy/router.ts';

let issuer: Issuer;
let toy: ToyRouter;

beforeAll(async () => {
  issuer = await createIssuer();
  toy = await startToyRouter({ tokens: issuer.options, limits: { maxAliases: 100, maxRootFields: 100 } });
});
afterAll(() => toy.router.stop());

describe('somebody with a token', () => {
  test('reads what a sign-in opens, and not what needs a scope', async () => {
    const told = await post(toy.handler, '{ me { email phone mood badge } shelf { label } vault { gold } }', {
      headers: await issuer.bearer(),
    });
    expect(told.data).toEqual({
      me: { email: 'ada@example.org', phone: null, mood: 'CALM', badge: 7 },
      shelf: { label: 'Top' },
      vault: null,
    });
    expect(told.errors.map(({ message }) => message)).toEqual([
      'Reading Person.phone needs the scope people:read and phones:read, or admin',
      'Reading Vault needs the scope vault:open',
    ]);
  });

  test.each([
    ['one scope of two', 'people:read', null],
    ['both scopes', 'phones:read people:read', '+1'],
    ['the other way in', 'admin', '+1'],
    ['a scope that begins like it', 'admin:x adm', null],
  ])('with %s', async (_, scope, phone) => {
    const told = await post(toy.handler, '{ me { phone } }', { headers: await issuer.bearer(scope) });
    expect(told.data).toEqual({ me: { phone } });
  });

  test('does not get what was prepared for somebody with more scopes, nor the other way round', async () => {
    const query = '{ me { phone savings } }';
    const ask = async (scope: string) =>
      (await post(toy.handler, query, { headers: await issuer.bearer(scope) })).data;
    expect(await ask('admin')).toEqual({ me: { phone: '+1', savings: null } });
    expect(await ask('vault:open')).toEqual({ me: { phone: null, savings: 300 } });
    expect(await ask('admin vault:open')).toEqual({ me: { phone: '+1', savings: 300 } });
    expect((await post(toy.handler, query)).data).toEqual({ me: { phone: null, savings: null } });
  });
});

describe('a policy', () => {
  const POSTS = '{ me { name diary } post { ... on Book { title } ... on Letter { text } } }';

  test.each([
    ['none', {}, null, [{ title: 'Engines' }, null]],
    ['one of two that are needed', { policies: ['family'] }, null, [{ title: 'Engines' }, null]],
    ['both', { policies: ['friend', 'family'] }, 'Dear me', [{ title: 'Engines' }, null]],
    ['as words', { policies: 'diaries post' }, 'Dear me', [{ title: 'Engines' }, { text: 'Dear you' }]],
    ['as a scope, which it is not', { scope: 'diaries post' }, null, [{ title: 'Engines' }, null]],
  ])('opens what a token grants: %s', async (_, claims, diary, posts) => {
    const told = await post(toy.handler, POSTS, { headers: await issuer.bearer('', claims) });
    expect(told.data).toEqual({ me: { name: 'Ada', diary }, post: posts });
  });

  test('stays shut for a guest, by whichever way, and nobody is asked', async () => {
    for (const { requests } of Object.values(toy.library)) requests.length = 0;
    const query = `{ me { ...D } book(id: "b1") { author { secret: diary } } post { ...L } }
      fragment D on Named { ... on Person { diary } } fragment L on Post { ... on Letter { text } }`;
    const told = await post(toy.handler, query);
    expect(told.data).toEqual({ me: { diary: null }, book: { author: { secret: null } }, post: [{}, null] });
    expect(told.errors.map(({ message }) => message)).toContain('Sign in to read Person.diary');
    expect(askedOf(toy.library)).not.toMatch(/diary|text/);
  });
});

test.each([
  ['a guest', undefined, ['people'], { name: 'Ada', savings: null }],
  ['who may read it', 'vault:open', ['people', 'vault'], { name: 'Ada', savings: 300 }],
])('The subgraph of a withheld field is not asked at all: %s', async (_, scope, asked, me) => {
  for (const { requests } of Object.values(toy.library)) requests.length = 0;
  const headers = scope === undefined ? {} : await issuer.bearer(scope);
  expect((await post(toy.handler, '{ me { name savings } }', { headers })).data).toEqual({ me });
  const counts = Object.entries(toy.library).flatMap(([name, { requests }]) => requests.map(() => name));
  expect(counts).toEqual(asked);
});

test('where it is set so, an operation with anything withheld is refused whole', async () => {
  const strict = await startToyRouter({ unauthorized: 'refuse' });
  const told = await post(strict.handler, '{ me { name mood email } }', {
    headers: { accept: 'application/graphql-response+json' },
  });
  expect(told.status).toBe(403);
  expect(told.data).toBeUndefined();
  expect(told.errors.map(({ message }) => message).sort()).toEqual([
    'Sign in to read Mood',
    'Sign in to read Person.email',
  ]);
  expect(askedOf(strict.library)).toBe('');
  await strict.router.stop();
});

test('a hundred places are told, the rest is counted', async () => {
  const friends = '{ friends { mood }}';
  const query = `{ ${Array.from({ length: 70 }, (_, index) => `a${index}: me ${friends}`).join(' ')} }`;
  const told = await post(toy.handler, query);
  expect(told.errors).toHaveLength(101);
  expect(told.errors[100]!.message).toBe('40 more places were withheld');
});
