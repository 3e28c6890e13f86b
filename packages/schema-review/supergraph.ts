/** A supergraph read for who serves what, and what its directives say; names as their specifications have them. */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  isTypeDefinitionNode,
  Kind,
  print,
  type TypeDefinitionNode,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql';
import { canonicalNames, type NameOf } from './supergraph/names.ts';

export interface SupergraphView {
  /** By name; the value is the routing URL. */
  subgraphs: ReadonlyMap<string, string>;
  /** Without federation's own. */
  types: ReadonlyMap<string, TypeView>;
}

export interface Directive {
  name: string;
  args: Readonly<Record<string, unknown>>;
}

export interface TypeView {
  name: string;
  kind: TypeDefinitionNode['kind'];
  /** What each subgraph that has it says of it. */
  subgraphs: ReadonlyMap<string, { keys: readonly Key[] }>;
  interfaces: readonly string[];
  /** Of a union. */
  members: readonly string[];
  fields: ReadonlyMap<string, FieldView>;
  values: ReadonlyMap<string, { directives: readonly Directive[] }>;
  directives: readonly Directive[];
}

export interface Key {
  fields: string;
  resolvable: boolean;
}

export interface FieldView {
  name: string;
  /** As written: `[Product!]!`. */
  type: string;
  /** Without list and null marks. */
  typeName: string;
  isList: boolean;
  args: ReadonlyMap<string, ArgumentView>;
  /** Who can resolve it. */
  servedBy: ReadonlyMap<string, Serving>;
  directives: readonly Directive[];
}

export interface ArgumentView {
  type: string;
  /** Undefined without one. */
  byDefault: unknown;
  directives: readonly Directive[];
}

export interface Serving {
  requires?: string;
  provides?: string;
  /** The subgraph that it is taken over from. */
  override?: string;
  /** Of a takeover in steps. */
  overrideLabel?: string;
}

const FEDERATIONS_OWN =
  /^(join|link|core|federation|tag|inaccessible|authenticated|requiresScopes|policy|cost|context|connect)__/;

export function readSupergraph(document: DocumentNode): SupergraphView {
  const nameOf = canonicalNames(document);
  const types = document.definitions.filter(isTypeDefinitionNode);
  const graphs = graphsOf(types);
  const own = types.filter(({ name }) => !FEDERATIONS_OWN.test(name.value));
  return {
    subgraphs: new Map(graphs.values()),
    types: new Map(own.map((node) => [node.name.value, readType(node, graphs, nameOf)])),
  };
}

export const directiveOf = (element: { directives: readonly Directive[] }, name: string) =>
  element.directives.find((directive) => directive.name === name);

/** The enum's values by what the supergraph calls them: name and URL. */
function graphsOf(types: readonly TypeDefinitionNode[]): Map<string, [string, string]> {
  const graphs = types.find(({ name }) => name.value === 'join__Graph');
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return new Map(
    values.map(({ name, directives }) => {
      const args = argsOf(directives?.find((directive) => directive.name.value === 'join__graph'));
      return [name.value, [String(args.name ?? name.value), String(args.url ?? '')]];
    }),
  );
}

function readType(
  node: TypeDefinitionNode,
  graphs: ReadonlyMap<string, [string, string]>,
  nameOf: NameOf,
): TypeView {
  const { all, join } = splitDirectives(node.directives, nameOf);
  const subgraphs = new Map<string, { keys: Key[] }>();
  for (const { graph, key, resolvable } of join('join__type')) {
    const name = graphs.get(String(graph))?.[0] ?? String(graph);
    const known = subgraphs.get(name) ?? { keys: [] };
    if (typeof key === 'string') known.keys.push({ fields: key, resolvable: resolvable !== false });
    subgraphs.set(name, known);
  }
  const fields = 'fields' in node ? (node.fields ?? []) : [];
  return {
    name: node.name.value,
    kind: node.kind,
    subgraphs,
    interfaces: 'interfaces' in node ? (node.interfaces ?? []).map(({ name }) => name.value) : [],
    members: node.kind === Kind.UNION_TYPE_DEFINITION ? (node.types ?? []).map(({ name }) => name.value) : [],
    fields: new Map(
      fields.map((field) => {
        const { all: directives, join: joinOf } = splitDirectives(field.directives, nameOf);
        const args = 'arguments' in field ? (field.arguments ?? []) : [];
        const view: FieldView = {
          name: field.name.value,
          type: print(field.type),
          typeName: namedType(field.type),
          isList: isList(field.type),
          args: new Map(
            args.map((argument) => [
              argument.name.value,
              {
                type: print(argument.type),
                byDefault: argument.defaultValue && valueFromASTUntyped(argument.defaultValue),
                directives: splitDirectives(argument.directives, nameOf).all,
              },
            ]),
          ),
          servedBy: servedBy(joinOf('join__field'), [...subgraphs.keys()], graphs),
          directives,
        };
        return [view.name, view];
      }),
    ),
    values: new Map(
      (node.kind === Kind.ENUM_TYPE_DEFINITION ? (node.values ?? []) : []).map(({ name, directives }) => [
        name.value,
        { directives: splitDirectives(directives, nameOf).all },
      ]),
    ),
    directives: all,
  };
}

/** Without any join__field all subgraphs of the type serve it. */
function servedBy(
  joins: readonly Record<string, unknown>[],
  ofType: readonly string[],
  graphs: ReadonlyMap<string, [string, string]>,
): Map<string, Serving> {
  if (joins.length === 0) return new Map(ofType.map((name) => [name, {}]));
  const serving = new Map<string, Serving>();
  for (const { graph, external, usedOverridden, ...rest } of joins) {
    if (graph === undefined || external === true || usedOverridden === true) continue;
    const own: Serving = {};
    for (const key of ['requires', 'provides', 'override', 'overrideLabel'] as const) {
      if (typeof rest[key] === 'string') own[key] = rest[key];
    }
    serving.set(graphs.get(String(graph))?.[0] ?? String(graph), own);
  }
  return serving;
}

function splitDirectives(nodes: readonly ConstDirectiveNode[] | undefined, nameOf: NameOf) {
  const all: Directive[] = [];
  const joins: Directive[] = [];
  for (const node of nodes ?? []) {
    const directive = { name: nameOf(node.name.value), args: argsOf(node) };
    (directive.name.startsWith('join__') ? joins : all).push(directive);
  }
  return { all, join: (name: string) => joins.filter((one) => one.name === name).map(({ args }) => args) };
}

function argsOf(node: ConstDirectiveNode | undefined): Record<string, unknown> {
  return Object.fromEntries(
    (node?.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
}

function namedType(node: TypeNode): string {
  return node.kind === Kind.NAMED_TYPE ? node.name.value : namedType(node.type);
}

function isList(node: TypeNode): boolean {
  if (node.kind === Kind.NAMED_TYPE) return false;
  return node.kind === Kind.LIST_TYPE || isList(node.type);
}
