/** The second lock: what the SDL says about scopes holds here too, should the router ever fail. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FieldDefinitionNode, Kind, parse, type TypeNode } from 'graphql';
import { catalog } from '../index.ts';
import { openRoom, type TestRoom, withStores } from './room.ts';

const SCOPES = ['catalog:read', 'catalog:write', 'catalog:publish'];
const types = new Map(
  parse(catalog.sdl).definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.ENUM_TYPE_DEFINITION
      ? [[node.name.value, node] as const]
      : [],
  ),
);

interface Locked {
  operation: string;
  scope: string;
}

const IDS: Record<string, string> = {
  productId: 'prd',
  variantId: 'var',
  categoryId: 'cat',
  importId: 'imp',
  id: 'imp',
};

const locked: [name: string, Locked][] = ['Query', 'Mutation'].flatMap((root) =>
  fieldsOf(root).flatMap((field): [string, Locked][] => {
    const directive = field.directives?.find(({ name }) => name.value === 'requiresScopes');
    const said = JSON.stringify(directive?.arguments ?? []);
    const scope = SCOPES.find((name) => said.includes(`"value":"${name}"`));
    if (scope === undefined) return [];
    const operation = `${root.toLowerCase()} { ${field.name.value}${argumentsFor(field)} { __typename } }`;
    return [[field.name.value, { operation, scope }]];
  }),
);

withStores('directives', () => {
  let room: TestRoom;
  beforeAll(async () => {
    room = await openRoom();
  });
  afterAll(() => room.close());

  const codes = async (operation: string, scopes: readonly string[]) =>
    ((await room.ask(operation, {}, scopes)).errors ?? []).map(({ extensions }) => extensions.code).join();

  test.each(locked)('%s is refused without its scope, and to guests', async (_, { operation, scope }) => {
    expect(await codes(operation, [...SCOPES.filter((name) => name !== scope), 'other:scope'])).toBe(
      'FORBIDDEN',
    );
    expect(await codes(operation, [])).toBe('UNAUTHENTICATED');
    expect(await codes(operation, [scope])).not.toMatch(/FORBIDDEN|UNAUTHENTICATED|VALIDATION/);
  });

  test('there is something to lock', () => {
    expect(locked.map(([name]) => name)).toHaveLength(19);
  });
});

function fieldsOf(root: string): readonly FieldDefinitionNode[] {
  const type = types.get(root);
  return type?.kind === Kind.OBJECT_TYPE_DEFINITION ? (type.fields ?? []) : [];
}

/** Something of the right shape for every argument that must be there. */
function argumentsFor({ arguments: given = [] }: FieldDefinitionNode): string {
  const needed = given.filter(({ type }) => type.kind === Kind.NON_NULL_TYPE);
  if (needed.length === 0) return '';
  return `(${needed.map(({ name, type }) => `${name.value}: ${sample(name.value, type)}`).join(', ')})`;
}

function sample(field: string, type: TypeNode): string {
  if (type.kind === Kind.NON_NULL_TYPE) return sample(field, type.type);
  if (type.kind === Kind.LIST_TYPE) return '[]';
  const name = type.name.value;
  if (name === 'ID') return `"${IDS[field]}_01ARZ3NDEKTSV4RRFFQ69G5FAV"`;
  if (name === 'Int') return '1';
  const named = types.get(name);
  if (named?.kind === Kind.ENUM_TYPE_DEFINITION) return named.values![0]!.name.value;
  if (named?.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION) return '"x"';
  const fields = (named.fields ?? []).filter((part) => part.type.kind === Kind.NON_NULL_TYPE);
  return `{ ${fields.map((part) => `${part.name.value}: ${sample(part.name.value, part.type)}`).join(', ')} }`;
}
