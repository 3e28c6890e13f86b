/** The second lock: what the SDL says about sign-in and scopes holds here too, should the router ever fail. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
  type ValueNode,
} from 'graphql';
import { SCOPE_NAMES } from '../domain/scopes.ts';
import { accounts } from '../index.ts';
import { openRoom, type TestRoom } from './room.ts';

const document = parse(accounts.sdl);
const objects = new Map(
  document.definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION
      ? [[node.name.value, node] as const]
      : [],
  ),
);

interface RootField {
  root: 'query' | 'mutation';
  field: FieldDefinitionNode;
  signIn: boolean;
  scope: string | undefined;
}

const rootFields: RootField[] = (['Query', 'Mutation'] as const).flatMap((type) =>
  ((objects.get(type) as ObjectTypeDefinitionNode).fields ?? []).map((field) => ({
    root: type === 'Query' ? ('query' as const) : ('mutation' as const),
    field,
    signIn: field.directives?.some(({ name }) => name.value === 'authenticated') ?? false,
    scope: scopeOf(field.directives?.find(({ name }) => name.value === 'requiresScopes')),
  })),
);

withPostgres('Directives', () => {
  let room: TestRoom;
  beforeAll(async () => {
    room = await openRoom();
  });
  afterAll(() => room.close());

  const call = async ({ root, field }: RootField, viewer: object) => {
    const query = `${root} { ${field.name.value}${argumentsFor(field)} { __typename } }`;
    const { errors } = await room.ask(query, {}, viewer);
    return errors.map(({ extensions }) => extensions.code).join();
  };

  test.each(
    rootFields
      .filter(({ scope }) => scope !== undefined)
      .map((entry) => [entry.field.name.value, entry] as const),
  )('%s is refused without its scope, and to guests', async (_, entry) => {
    const others = SCOPE_NAMES.filter((name) => name !== entry.scope);
    expect(await call(entry, { userId: 'usr_1', scopes: others })).toBe('FORBIDDEN');
    expect(await call(entry, { apiKeyId: 'key_1', scopes: others })).toBe('FORBIDDEN');
    expect(await call(entry, {})).toBe('UNAUTHENTICATED');
    expect(await call(entry, { userId: 'usr_1', scopes: [entry.scope!] })).not.toMatch(
      /FORBIDDEN|UNAUTHENTICATED/,
    );
  });

  const forPeople = rootFields.filter(({ signIn, root }) => signIn && root === 'mutation');
  test.each(forPeople.map((entry) => [entry.field.name.value, entry] as const))(
    '%s is for people who are signed in, not for guests and machines',
    async (_, entry) => {
      expect(await call(entry, {})).toBe('UNAUTHENTICATED');
      expect(await call(entry, { apiKeyId: 'key_1', scopes: SCOPE_NAMES })).toBe('FORBIDDEN');
    },
  );

  test('there is something to lock', () => {
    expect(rootFields.filter(({ scope }) => scope).length).toBeGreaterThan(10);
    expect(forPeople.length).toBeGreaterThan(10);
  });
});

function scopeOf(directive: ConstDirectiveNode | undefined): string | undefined {
  const first = (value: ValueNode | undefined): string | undefined => {
    if (value?.kind === Kind.STRING) return value.value;
    return value?.kind === Kind.LIST ? first(value.values[0]) : undefined;
  };
  return first(directive?.arguments?.[0]?.value);
}

/** Something of the right shape for every argument that must be there. */
function argumentsFor({ arguments: given = [] }: FieldDefinitionNode): string {
  const needed = given.filter(({ type }) => type.kind === Kind.NON_NULL_TYPE);
  if (needed.length === 0) return '';
  return `(${needed.map(({ name, type }) => `${name.value}: ${sample(name.value, type)}`).join(', ')})`;
}

const IDS: Record<string, string> = {
  sessionId: 'ses',
  addressId: 'adr',
  userId: 'usr',
  apiKeyId: 'key',
  requestId: 'prv',
  id: 'usr',
};

function sample(field: string, type: TypeNode): string {
  if (type.kind === Kind.NON_NULL_TYPE) return sample(field, type.type);
  if (type.kind === Kind.LIST_TYPE) return '[]';
  const name = type.name.value;
  if (name === 'ID') return `"${IDS[field]}_01ARZ3NDEKTSV4RRFFQ69G5FAV"`;
  if (name === 'Int') return '1';
  if (name === 'CountryCode') return '"DE"';
  const input = objects.get(name);
  if (input?.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION) return '"x"';
  const fields = (input.fields ?? []).filter((part) => part.type.kind === Kind.NON_NULL_TYPE);
  return `{ ${fields.map((part) => `${part.name.value}: ${sample(part.name.value, part.type)}`).join(', ')} }`;
}
