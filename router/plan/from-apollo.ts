/** Apollo's query plans in the form of plan.ts. */
import type {
  PlanNode as ApolloNode,
  FetchDataRewrite,
  FetchNode,
  QueryPlan,
  QueryPlanSelectionNode,
} from '@apollo/query-planner';
import type { InputRewrite, Path, PathStep, Plan, PlanNode, Rename, Requirement } from './plan.ts';
import { UnsupportedPlan } from './unsupported.ts';

const ENTITIES = '_entities';
const REPRESENTATIONS = 'representations';
const ON_TYPE = '... on ';

export function fromApollo({ node }: QueryPlan): Plan {
  if (node?.kind !== 'Subscription') return node && readNode(node, []);
  const primary = readNode(node.primary, []);
  return node.rest ? { kind: 'sequence', nodes: [primary, readNode(node.rest, [])] } : primary;
}

function readNode(node: ApolloNode, path: Path): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return {
        kind: node.kind === 'Sequence' ? 'sequence' : 'parallel',
        nodes: node.nodes.map((child) => readNode(child, path)),
      };
    case 'Flatten':
      return readNode(node.node, [...path, ...node.path.map(String)]);
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        ...(node.ifClause ? { whenTrue: readNode(node.ifClause, path) } : {}),
        ...(node.elseClause ? { whenFalse: readNode(node.elseClause, path) } : {}),
      };
    case 'Fetch':
      return readFetch(node, path);
    default:
      throw new UnsupportedPlan(node.kind.toLowerCase());
  }
}

function readFetch(node: FetchNode, path: Path): PlanNode {
  if (node.contextRewrites?.length) throw new UnsupportedPlan('context');
  const fetch = {
    subgraph: node.serviceName,
    operation: node.operation,
    ...(node.operationName ? { operationName: node.operationName } : {}),
    variables: node.variableUsages ?? [],
  };
  const renames = (node.outputRewrites ?? []).map(readRename);
  if (!node.requires) return { ...fetch, kind: 'root', operationKind: node.operationKind, path, renames };
  const part = {
    alias: ENTITIES,
    variable: REPRESENTATIONS,
    paths: [path],
    requires: node.requires.map(readRequirement),
    inputRewrites: (node.inputRewrites ?? []).map(readInputRewrite),
    renames,
  };
  return { ...fetch, kind: 'entities', parts: [part] };
}

function readRequirement(node: QueryPlanSelectionNode): Requirement {
  if (node.kind === 'InlineFragment') {
    // Without a condition the reference executor passes it over.
    if (node.typeCondition === undefined) throw new UnsupportedPlan('requirement without a type');
    return { kind: 'type', type: node.typeCondition, fields: node.selections.map(readRequirement) };
  }
  const key = node.alias ?? node.name;
  return { kind: 'field', key, ...(node.selections ? { fields: node.selections.map(readRequirement) } : {}) };
}

function readRename(rewrite: FetchDataRewrite): Rename {
  if (rewrite.kind !== 'KeyRenamer') throw new UnsupportedPlan('value set in an answer');
  return { path: readPath(rewrite.path), to: rewrite.renameKeyTo };
}

function readInputRewrite(rewrite: FetchDataRewrite): InputRewrite {
  const path = readPath(rewrite.path);
  return rewrite.kind === 'KeyRenamer'
    ? { kind: 'rename', path, to: rewrite.renameKeyTo }
    : { kind: 'set', path, value: rewrite.setValueTo };
}

function readPath(path: readonly string[]): PathStep[] {
  return path.map((step) => (step.startsWith(ON_TYPE) ? { types: [step.slice(ON_TYPE.length)] } : step));
}
