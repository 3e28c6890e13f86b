/** The planner of Hive's router, in Rust. An optional package: it has no build for musl and for Windows. */
import { createRequire } from 'node:module';
import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql';
import { fromNative } from './from-native.ts';
import type { Planner } from './planner.ts';

type Native = typeof import('@graphql-hive/router-query-planner');

/** Nothing where there is no build for the platform. */
export function nativePlanner(sdl: string): Planner | undefined {
  const native = loadNative();
  if (!native) return undefined;
  const planner = new native.QueryPlanner(sdl);
  const plainTypename = withPlainTypename(fieldNamesOf(sdl));
  return {
    name: 'native',
    plan: (document, operationName) => {
      const asked = withoutRootIntrospection(visit(document, plainTypename));
      if (!asked) return undefined;
      return fromNative(planner.plan(print(asked), operationName, new Set(), NO_PERCENTAGE));
    },
  };
}

/** Of requests that take an `@override` in progress. */
const NO_PERCENTAGE = 0;

let loaded: { native: Native | undefined } | undefined;

function loadNative(): Native | undefined {
  if (!loaded) {
    try {
      loaded = { native: createRequire(import.meta.url)('@graphql-hive/router-query-planner') as Native };
    } catch {
      // Not installed, or not for this platform.
      loaded = { native: undefined };
    }
  }
  return loaded.native;
}

/** `id: __typename` would meet the `id` that the planner adds for a key. The executor finds the name under its own. */
function withPlainTypename(fieldNames: ReadonlySet<string>): ASTVisitor {
  return {
    Field: ({ kind, name, alias }) =>
      alias && fieldNames.has(alias.value) && name.value === TypeNameMetaFieldDef.name
        ? { kind, name }
        : undefined,
  };
}

function fieldNamesOf(sdl: string): ReadonlySet<string> {
  const names = new Set<string>();
  visit(parse(sdl, { noLocation: true }), { FieldDefinition: ({ name }) => void names.add(name.value) });
  return names;
}

/** What the root says of itself: the planner knows no introspection, and would ask a subgraph what the root is called. */
const OF_THE_ROOT: readonly string[] = [
  SchemaMetaFieldDef.name,
  TypeMetaFieldDef.name,
  TypeNameMetaFieldDef.name,
];

/** Nothing where nothing else is asked. Fragments at the root stand there in full, since they may be spread below, too. */
function withoutRootIntrospection(document: DocumentNode): DocumentNode | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const operations = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? [{ ...node, selectionSet: without(node.selectionSet) }] : [],
  );
  if (operations.some(({ selectionSet }) => selectionSet.selections.length === 0)) return undefined;
  const used = new Set<string>();
  for (const operation of operations) use(operation);
  const spread = [...used].map((name) => fragments.get(name)!);
  return { kind: Kind.DOCUMENT, definitions: [...operations, ...spread] };

  function without(set: SelectionSetNode): SelectionSetNode {
    return { ...set, selections: set.selections.flatMap((node) => withoutIn(node)) };
  }

  function withoutIn(node: SelectionNode): SelectionNode[] {
    if (node.kind === Kind.FIELD) return OF_THE_ROOT.includes(node.name.value) ? [] : [node];
    const { typeCondition, selectionSet: set } =
      node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node;
    const selectionSet = without(set);
    if (selectionSet.selections.length === 0) return [];
    const { directives = [] } = node;
    return [
      { kind: Kind.INLINE_FRAGMENT, ...(typeCondition ? { typeCondition } : {}), directives, selectionSet },
    ];
  }

  function use(node: OperationDefinitionNode | FragmentDefinitionNode): void {
    visit(node, {
      FragmentSpread: ({ name }) => {
        if (used.has(name.value)) return;
        used.add(name.value);
        use(fragments.get(name.value)!);
      },
    });
  }
}
