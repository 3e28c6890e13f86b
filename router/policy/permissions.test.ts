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
