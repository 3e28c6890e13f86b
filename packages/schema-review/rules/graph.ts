/** The subgraphs as house rules see them: each type with everything that its subgraph says of it. */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  type TypeNode,
} from 'graphql';
import { argument, directiveNames, type NameOf, stringArgument } from './federation.ts';

export interface TypeView {
  name: string;
  kind: 'scalar' | 'object' | 'interface' | 'union' | 'enum' | 'input';
  node: TypeDefinitionNode | TypeExtensionNode;
  isDescribed: boolean;
  fields: FieldDefinitionNode[];
  inputFields: InputValueDefinitionNode[];
  values: EnumValueDefinitionNode[];
  interfaces: string[];
  members: string[];
  directives: ConstDirectiveNode[];
  keys: Key[];
}

export interface Key {
  /** Names at the top of the key. */
  fields: string[];
  isResolvable: boolean;
}

export interface SubgraphView {
  name: string;
  document: DocumentNode;
  types: ReadonlyMap<string, TypeView>;
  /** Whether something has a directive of federation's, by its proper name. */
  has(node: { directives?: readonly ConstDirectiveNode[] }, directive: string): boolean;
  root(kind: RootKind): TypeView | undefined;
}

export type RootKind = 'query' | 'mutation' | 'subscription';

export interface Graph {
  subgraphs: SubgraphView[];
}

export function graphOf(documents: ReadonlyMap<string, DocumentNode>): Graph {
  return { subgraphs: [...documents].map(([name, document]) => subgraphView(name, document)) };
}

function subgraphView(name: string, document: DocumentNode): SubgraphView {
  const nameOf = directiveNames(document);
  const types = new Map<string, TypeView>();
  for (const node of document.definitions) {
    if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) continue;
    if (isFederations(node.name.value)) continue;
    types.set(node.name.value, joined(types.get(node.name.value), typeView(node, nameOf)));
  }
  const roots = rootNames(document);
  return {
    name,
    document,
    types,
    has: ({ directives }, wanted) => directives?.some((one) => nameOf(one) === wanted) ?? false,
    root: (kind) => types.get(roots[kind]),
  };
}

/** `_Any`, `_Service`, `link__Import`: nobody here wrote them. */
export const isFederations = (name: string) => name.startsWith('_') || name.includes('__');

function rootNames(document: DocumentNode): Record<RootKind, string> {
  const names = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const { operation, type } of node.operationTypes ?? []) names[operation] = type.name.value;
  }
  return names;
}

function typeView(node: TypeDefinitionNode | TypeExtensionNode, nameOf: NameOf): TypeView {
  const directives = [...(node.directives ?? [])];
  const isInput =
    node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION || node.kind === Kind.INPUT_OBJECT_TYPE_EXTENSION;
  return {
    name: node.name.value,
    kind: KINDS[node.kind],
    node,
    isDescribed: 'description' in node && node.description !== undefined,
    fields: 'fields' in node && !isInput ? ([...(node.fields ?? [])] as FieldDefinitionNode[]) : [],
    inputFields: isInput ? [...(node.fields ?? [])] : [],
    values: 'values' in node ? [...(node.values ?? [])] : [],
    interfaces: 'interfaces' in node ? (node.interfaces ?? []).map(({ name }) => name.value) : [],
    members: 'types' in node ? (node.types ?? []).map(({ name }) => name.value) : [],
    directives,
    keys: directives.filter((one) => nameOf(one) === 'key').map(keyOf),
  };
}

const KINDS: Record<(TypeDefinitionNode | TypeExtensionNode)['kind'], TypeView['kind']> = {
  ScalarTypeDefinition: 'scalar',
  ScalarTypeExtension: 'scalar',
  ObjectTypeDefinition: 'object',
  ObjectTypeExtension: 'object',
  InterfaceTypeDefinition: 'interface',
  InterfaceTypeExtension: 'interface',
  UnionTypeDefinition: 'union',
  UnionTypeExtension: 'union',
  EnumTypeDefinition: 'enum',
  EnumTypeExtension: 'enum',
  InputObjectTypeDefinition: 'input',
  InputObjectTypeExtension: 'input',
};

function keyOf(directive: ConstDirectiveNode): Key {
  const resolvable = argument(directive, 'resolvable');
  return {
    fields: topNames(stringArgument(directive, 'fields') ?? ''),
    isResolvable: resolvable?.kind !== Kind.BOOLEAN || resolvable.value,
  };
}

/** Of `id shop { id }`: id and shop. */
function topNames(selection: string): string[] {
  const outer = selection.replace(/\{[^{}]*\}/g, ' ');
  return outer === selection ? (outer.match(/\w+/g) ?? []) : topNames(outer);
}

/** A type and its extensions are one. */
function joined(known: TypeView | undefined, more: TypeView): TypeView {
  if (!known) return more;
  return {
    ...known,
    isDescribed: known.isDescribed || more.isDescribed,
    fields: [...known.fields, ...more.fields],
    inputFields: [...known.inputFields, ...more.inputFields],
    values: [...known.values, ...more.values],
    interfaces: [...known.interfaces, ...more.interfaces],
    members: [...known.members, ...more.members],
    directives: [...known.directives, ...more.directives],
    keys: [...known.keys, ...more.keys],
  };
}

export const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);

export const isNonNull = (type: TypeNode): boolean => type.kind === Kind.NON_NULL_TYPE;

export const isList = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));
