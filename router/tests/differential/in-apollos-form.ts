/**
 * Any plan in the form that the stock executor runs, so that both executors can be held against each other on one plan.
 *
 * Apollo's form has no words for three things. Several `_entities` in one fetch: they become fetches side by side. Objects
 * at several paths, or below objects of some types alone: a fetch from the subgraph LISTS comes before, which puts the
 * objects into a list beside the data. And a field that is sent under another key than it has: the operation says so
 * in a comment. What the executor needs beside it to run such plans is in stand-ins.ts.
 */
import type { FetchDataRewrite, FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import {
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type NameNode,
  type OperationTypeNode,
  parse,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { split } from '../../execute/compiled/split.ts';
import {
  type EntityFetch,
  type EntityPart,
  type InputRewrite,
  keysOf,
  type PlanNode as OurNode,
  type Path,
  type Plan,
  type PlanCondition,
  type PlanGroup,
  type Rename,
  type Requirement,
  type RootFetch,
} from '../../plan/plan.ts';
import { LIST, LISTS, SENT_AS } from './stand-ins.ts';

const ENTITIES = '_entities';
const REPRESENTATIONS = 'representations';

export function inApollosForm(plan: Plan, schema: GraphQLSchema): QueryPlan {
  let lists = 0;
  const rootType = plan && isMutation(plan) ? 'Mutation' : 'Query';
  const listsOfLists = plan ? listsOfListsIn(plan, schema) : new Set<string>();
  return plan ? { kind: 'QueryPlan', node: write(plan) } : { kind: 'QueryPlan' };

  function write(node: OurNode): PlanNode {
    switch (node.kind) {
      case 'sequence':
        return { kind: 'Sequence', nodes: node.nodes.map(write) };
      case 'parallel':
        return { kind: 'Parallel', nodes: node.nodes.map(write) };
      case 'condition':
        return {
          kind: 'Condition',
          condition: node.variable,
          ...(node.whenTrue ? { ifClause: write(node.whenTrue) } : {}),
          ...(node.whenFalse ? { elseClause: write(node.whenFalse) } : {}),
        };
      case 'root':
        return at([node.path], rootFetch(node));
      default: {
        const nodes = split(node).map((fetch) => {
          const [part] = fetch.parts as [EntityPart];
          return at(part.paths, entityFetch(fetch, part));
        });
        return nodes.length === 1 ? nodes[0]! : { kind: 'Parallel', nodes };
      }
    }
  }

  function at(paths: readonly Path[], fetch: FetchNode): PlanNode {
    if (paths[0]!.length === 0) return fetch;
    const name = `${LIST}${lists++}`;
    const full = paths.map((path) => inFull(path, listsOfLists));
    const flatten: PlanNode = { kind: 'Flatten', path: [name, '@'], node: fetch };
    return { kind: 'Sequence', nodes: [...listFetches(name, full, rootType), flatten] };
  }
}

function isMutation(node: OurNode): boolean {
  if (node.kind === 'root') return node.operationKind === 'mutation';
  return node.kind !== 'entities' && childrenOf(node).some(isMutation);
}

function childrenOf(node: PlanGroup | PlanCondition): readonly OurNode[] {
  if (node.kind !== 'condition') return node.nodes;
  return [node.whenTrue, node.whenFalse].filter((child) => child !== undefined);
}

/** Where in the answer they are, by their keys. */
function listsOfListsIn(plan: OurNode, schema: GraphQLSchema): ReadonlySet<string> {
  const found = new Set<string>();
  look(plan);
  return found;

  function look(node: OurNode): void {
    if (node.kind === 'root') lookIn(node.operation, (keys) => [[...keysOf(node.path), ...keys]]);
    else if (node.kind === 'entities') {
      lookIn(node.operation, ([alias, ...keys]) =>
        node.parts
          .filter((part) => part.alias === alias)
          .flatMap(({ paths }) => paths.map((path) => [...keysOf(path), ...keys])),
      );
    } else for (const child of childrenOf(node)) look(child);
  }

  function lookIn(
    operation: string,
    placesOf: (keys: readonly string[]) => readonly (readonly string[])[],
  ): void {
    const types = new TypeInfo(schema);
    const keys: string[] = [];
    const enter = ({ alias, name }: FieldNode): void => {
      keys.push((alias ?? name).value);
      if (/^\[\[/.test(String(types.getType()))) for (const place of placesOf(keys)) found.add(place.join());
    };
    const leave = (): void => void keys.pop();
    visit(parse(operation), visitWithTypeInfo(types, { Field: { enter, leave } }));
  }
}

/** The native planner writes one `@` for lists in lists. */
function inFull(path: Path, listsOfLists: ReadonlySet<string>): Path {
  return path.flatMap((step, at) => {
    const isShort =
      typeof step === 'string' &&
      path[at + 2] !== '@' &&
      listsOfLists.has(keysOf(path.slice(0, at + 1)).join());
    return isShort && step !== '@' ? [step, '@'] : [step];
  });
}

function rootFetch(fetch: RootFetch): FetchNode {
  return {
    ...plainFetch(fetch),
    operation: fetch.operation,
    operationKind: fetch.operationKind as OperationTypeNode,
    outputRewrites: fetch.renames.flatMap(rename),
  };
}

function entityFetch(fetch: EntityFetch, part: EntityPart): FetchNode {
  return {
    ...plainFetch(fetch),
    operation: sentAs(part.requires) + operationOf(fetch, part),
    operationKind: 'query' as OperationTypeNode,
    requires: part.requires.map(required),
    inputRewrites: part.inputRewrites.flatMap(inputRewrite),
    outputRewrites: part.renames.flatMap(rename),
  };
}

function plainFetch({ subgraph, operationName, variables }: RootFetch | EntityFetch) {
  return {
    kind: 'Fetch' as const,
    serviceName: subgraph,
    operationName,
    variableUsages: [...variables],
  };
}

/** With the names that the stock executor speaks by. */
function operationOf({ operation }: EntityFetch, { alias, variable }: EntityPart): string {
  if (alias === ENTITIES && variable === REPRESENTATIONS) return operation;
  const document = visit(parse(operation), {
    Field: ({ alias: own, ...node }) => (own?.value === alias ? { ...node } : undefined),
    Variable: (node) =>
      node.name.value === variable ? { ...node, name: nameNode(REPRESENTATIONS) } : undefined,
  });
  return print(document);
}

function nameNode(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

function required(node: Requirement): NonNullable<FetchNode['requires']>[number] {
  if (node.kind === 'type') {
    return { kind: 'InlineFragment', typeCondition: node.type, selections: node.fields.map(required) };
  }
  return { kind: 'Field', name: node.key, ...(node.fields ? { selections: node.fields.map(required) } : {}) };
}

function sentAs(requires: readonly Requirement[]): string {
  const names = requires.flatMap(function namesIn(node): [string, string][] {
    if (node.kind === 'type') return node.fields.flatMap(namesIn);
    return node.as === undefined ? [] : [[node.key, node.as]];
  });
  return names.length === 0 ? '' : `${SENT_AS}${JSON.stringify(names)}\n`;
}

function rename({ path, to }: Rename): FetchDataRewrite[] {
  return spelled(path).map((one) => ({ kind: 'KeyRenamer', path: one, renameKeyTo: to }));
}

function inputRewrite(rewrite: InputRewrite): FetchDataRewrite[] {
  if (rewrite.kind === 'rename') return rename(rewrite);
  return spelled(rewrite.path).map((path) => ({ kind: 'ValueSetter', path, setValueTo: rewrite.value }));
}

/** Apollo's paths know one type at a time. */
function spelled(path: Path): string[][] {
  return path.reduce<string[][]>(
    (paths, step) =>
      paths.flatMap((before) =>
        typeof step === 'string'
          ? [[...before, step]]
          : step.types.map((type) => [...before, `... on ${type}`]),
      ),
    [[]],
  );
}

/** The executor sends no object without its type, and the data as a whole has none. */
function listFetches(name: string, paths: readonly Path[], rootType: string): PlanNode[] {
  const fetch = {
    kind: 'Fetch' as const,
    serviceName: LISTS,
    operationName: undefined,
    operationKind: 'query' as OperationTypeNode,
  };
  const keys = ['__typename', ...new Set(paths.map(([key]) => key as string))];
  // One that is not there must not take the others away.
  const requires = keys.map((key) => ({
    kind: 'InlineFragment' as const,
    typeCondition: rootType,
    selections: [{ kind: 'Field' as const, name: key }],
  }));
  return [
    { ...fetch, operation: rootType },
    { ...fetch, operation: JSON.stringify({ name, paths }), requires },
  ];
}
