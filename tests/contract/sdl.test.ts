/** What the SDL of every room promises to whoever reads it, and that the supergraph is made of it. */

import { composeServices } from '@apollo/composition';
import { describe, expect, test } from '@jest/globals';
import {
  type FieldDefinitionNode,
  getNamedType,
  type InputValueDefinitionNode,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  visit,
} from 'graphql';
import { parse as parseYaml } from 'yaml';
import { rooms } from '../../subgraphs/registry.ts';
import { schemaOf } from './crawl.ts';
import { fileText, supergraphSdl } from './files.ts';

interface SupergraphConfig {
  subgraphs: Record<string, { routing_url: string; schema: { file: string } }>;
}

const MAX_PAGE = 100;

describe.each(rooms.map((room) => [room.name, room] as const))('%s', (name, room) => {
  test('builds alone, from its SDL file and its resolvers', () => {
    expect(room.sdl).toBe(fileText(`schema/${name}.graphql`));
    expect(schemaOf(room).getQueryType()).toBeDefined();
  });

  test('describes every type, field, argument and value', () => {
    const silent: string[] = [];
    const path: string[] = [];
    const check = (node: { name?: { value: string }; description?: unknown }) => {
      path.push(node.name?.value ?? '');
      if (!node.description) silent.push(path.join('.'));
    };
    const leave = () => {
      path.pop();
    };
    visit(parse(room.sdl), {
      enter: (node) => {
        if (DESCRIBED.includes(node.kind)) check(node as { name?: { value: string } });
      },
      leave: (node) => {
        if (DESCRIBED.includes(node.kind)) leave();
      },
    });
    // Those two are the specification's.
    expect(silent.filter((one) => !OF_THE_SPECIFICATION.test(one))).toEqual([]);
  });

  test('tells the size of every list', () => {
    const unsized: string[] = [];
    visit(parse(room.sdl), {
      ObjectTypeDefinition: ({ name: type, fields = [] }) => {
        if (/(Connection|Edge)$/.test(type.value)) return;
        for (const field of fields)
          if (isList(field) && !isSized(field)) unsized.push(`${type.value}.${field.name.value}`);
      },
    });
    expect(unsized).toEqual([]);
  });

  test('lets what others serve and what stands at the root be null', () => {
    const { Query, Mutation } = schemaOf(room).getTypeMap();
    for (const root of [Query, Mutation]) {
      if (!isObjectType(root)) continue;
      const strict = Object.values(root.getFields())
        .filter(({ name: field }) => !field.startsWith('_'))
        .filter(({ type }) => String(type).endsWith('!'));
      expect(strict.map(({ name: field }) => `${root.name}.${field}`)).toEqual([]);
    }
  });

  test('lets every subscription be resumed', () => {
    for (const { name: field, args, type } of Object.values(
      schemaOf(room).getSubscriptionType()?.getFields() ?? {},
    )) {
      const payload = getNamedType(type);
      const after = args.find(({ name: argument }) => argument === 'after');
      expect({ field, after: String(after?.type) }).toEqual({ field, after: 'EventCursor' });
      const { cursor, occurredAt } = isObjectType(payload) ? payload.getFields() : {};
      expect([String(cursor?.type), String(occurredAt?.type)]).toEqual(['EventCursor!', 'DateTime!']);
    }
  });

  test('answers every mutation with a payload of its own that has userErrors', () => {
    const mutation = schemaOf(room).getMutationType();
    for (const field of Object.values(mutation?.getFields() ?? {})) {
      const payload = getNamedType(field.type);
      expect(payload.name).toBe(`${field.name[0]!.toUpperCase()}${field.name.slice(1)}Payload`);
      expect(isObjectType(payload) && 'userErrors' in payload.getFields()).toBe(true);
      expect(
        field.args.map(({ name: argument }) => argument).filter((argument) => argument !== 'input'),
      ).toEqual([]);
    }
  });

  test('implements UserError where it tells user errors', () => {
    const errors = Object.values(schemaOf(room).getTypeMap()).filter(({ name: type }) =>
      type.endsWith('UserError'),
    );
    for (const type of errors) {
      if (isInterfaceType(type)) continue;
      expect(isObjectType(type) && type.getInterfaces().map((one) => one.name)).toContain('UserError');
    }
  });
});

test('The rooms compose, and the committed supergraph is what they compose to', () => {
  const { subgraphs } = parseYaml(fileText('supergraph.yaml')) as SupergraphConfig;
  const services = Object.entries(subgraphs).map(([name, { routing_url: url, schema }]) => ({
    name,
    url,
    typeDefs: parse(fileText(schema.file)),
  }));
  const composed = composeServices(services);
  expect(composed.errors ?? []).toEqual([]);
  expect(supergraphSdl.replace(/^#.*\n/, '')).toBe(composed.supergraphSdl);
}, 60_000);

const DESCRIBED: readonly string[] = [
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.ENUM_VALUE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.FIELD_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
];
const OF_THE_SPECIFICATION = /^(FieldSet|link__|federation__)/;

function isList({ type }: FieldDefinitionNode): boolean {
  const inner = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  if (inner.kind === Kind.LIST_TYPE) return true;
  return inner.kind === Kind.NAMED_TYPE && inner.name.value.endsWith('Connection');
}

function isSized({ type, directives = [], arguments: args = [] }: FieldDefinitionNode): boolean {
  const listSize = directives.find(({ name }) => name.value === 'listSize');
  const argument = (name: string) => listSize?.arguments?.find((one) => one.name.value === name)?.value;
  const size = argument('assumedSize');
  if (size?.kind !== Kind.INT || Number(size.value) > MAX_PAGE) return isScalarList(type);
  const pages = args.some((one: InputValueDefinitionNode) => one.name.value === 'first');
  return !pages || argument('slicingArguments') !== undefined;
}

/** Words on a thing, such as tags: part of one row, and no dearer than it. */
function isScalarList(type: FieldDefinitionNode['type']): boolean {
  if (type.kind !== Kind.NAMED_TYPE) return isScalarList(type.type);
  return ['String', 'ID', 'Int', 'URL'].includes(type.name.value);
}
