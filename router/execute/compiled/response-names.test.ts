/** What is left to an executor that knows nothing of the names on their way comes back in the client's. */
import { expect, test } from '@jest/globals';
import { buildSchema, getOperationAST, parse, print, stripIgnoredCharacters } from 'graphql';
import { answerWithClientNames, fieldNamesOf, keptApart } from './response-names.ts';

const schema = buildSchema('type Query { a: A } type A { id: ID name: String }');

function sent(query: string): string {
  const document = parse(query);
  const { document: apart } = keptApart(
    { document, definition: getOperationAST(document)! },
    fieldNamesOf(schema),
  );
  return stripIgnoredCharacters(print(apart));
}

test('answers and the paths of errors come back in the words of the client', () => {
  const extensions = { code: 'X' };
  const data = { list: [{ id_of_client: 'n', x_of_client2: null }], x_of_client_of_client: 1 };
  const errors = [{ message: 'no', path: ['list', 0, 'x_of_client2'], extensions }];
  expect(answerWithClientNames({ data, errors })).toEqual({
    data: { list: [{ id: 'n', x: null }], x_of_client: 1 },
    errors: [{ message: 'no', path: ['list', 0, 'x'], extensions }],
  });
});

test('what clashes with nothing stays as it is', () => {
  const query = '{a{...F n:name}b:a{...F}}fragment F on A{id name}';
  expect(sent(query)).toBe(query);
});

test('a name for the type of an object is no way to say what type it is of', () => {
  expect(sent('{a{__typename:name t:__typename}}')).toBe('{a{__typename_of_client:name t:__typename}}');
});
