/** The planner of Hive's router, in Rust. An optional package: it has no build for musl and for Windows. */
import { createRequire } from 'node:module';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  print,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { fromNative } from './from-native.ts';
import type { Planner } from './planner.ts';

type Native = typeof import('@graphql-hive/router-query-planner');

/** Nothing where there is no build for the platform. */
export function nativePlanner(sdl: string): Planner | undefined {
  const native = loadNative();
  if (!native) return undefined;
  const planner = new native.QueryPlanner(sdl);
  return {
    name: 'native',
    plan: (document, operationName) => {
      const asked = withoutIntrospection(document);
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

/** The planner knows no introspection; nothing where nothing else is asked. */
function withoutIntrospection(document: DocumentNode): DocumentNode | undefined {
  const names: string[] = [SchemaMetaFieldDef.name, TypeMetaFieldDef.name];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const isEmpty = new Map<string, boolean>();
  const definitions = document.definitions.flatMap((node) => {
    if (node.kind === Kind.FRAGMENT_DEFINITION && fragmentIsEmpty(node.name.value)) return [];
    if (node.kind !== Kind.FRAGMENT_DEFINITION && node.kind !== Kind.OPERATION_DEFINITION) return [];
    return [{ ...node, selectionSet: without(node.selectionSet) }];
  });
  const operations = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operations.some(({ selectionSet }) => selectionSet.selections.length === 0)) return undefined;
  return { kind: Kind.DOCUMENT, definitions };

  function without(set: SelectionSetNode): SelectionSetNode {
    return { ...set, selections: set.selections.flatMap((node) => withoutIn(node)) };
  }

  function withoutIn(node: SelectionNode): SelectionNode[] {
    if (node.kind === Kind.FIELD) return names.includes(node.name.value) ? [] : [node];
    if (node.kind === Kind.FRAGMENT_SPREAD) return fragmentIsEmpty(node.name.value) ? [] : [node];
    const selectionSet = without(node.selectionSet);
    return selectionSet.selections.length === 0 ? [] : [{ ...node, selectionSet }];
  }

  function fragmentIsEmpty(name: string): boolean {
    let known = isEmpty.get(name);
    if (known === undefined) {
      known = without(fragments.get(name)!.selectionSet).selections.length === 0;
      isEmpty.set(name, known);
    }
    return known;
  }
}
