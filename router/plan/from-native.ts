/** Plans of the native planner in the form of plan.ts. */
import type {
  FetchNodePathSegment,
  FetchRewrite,
  FlattenNodePathSegment,
  PlanNode as NativeNode,
  QueryPlan,
  RequiresSelection,
} from '@graphql-hive/router-query-planner';
import type {
  EntityPart,
  InputRewrite,
  Path,
  PathStep,
  Plan,
  PlanNode,
  Rename,
  Requirement,
} from './plan.ts';
import { UnsupportedPlan } from './unsupported.ts';

const ENTITIES = '_entities';
const REPRESENTATIONS = 'representations';

type FetchNode = Extract<NativeNode, { kind: 'Fetch' | 'BatchFetch' }>;
type PartSource = Pick<
  Extract<NativeNode, { kind: 'Fetch' }>,
  'requires' | 'inputRewrites' | 'outputRewrites'
>;

export function fromNative({ node }: QueryPlan): Plan {
  return node && readNode(node, []);
}

function readNode(node: NativeNode, path: Path): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return {
        kind: node.kind === 'Sequence' ? 'sequence' : 'parallel',
        nodes: node.nodes.map((child) => readNode(child, path)),
      };
    case 'Flatten':
      return readNode(node.node, [...path, ...node.path.map(readStep)]);
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        ...(node.ifClause ? { whenTrue: readNode(node.ifClause, path) } : {}),
        ...(node.elseClause ? { whenFalse: readNode(node.elseClause, path) } : {}),
      };
    case 'Fetch': {
      if (node.requires) {
        const part = partOf(node, ENTITIES, REPRESENTATIONS, [path]);
        return { ...fetchOf(node), kind: 'entities', parts: [part] };
      }
      const renames = readRenames(node.outputRewrites);
      return { ...fetchOf(node), kind: 'root', operationKind: node.operationKind ?? 'query', path, renames };
    }
    case 'Subscription':
      return readNode({ ...node.primary, kind: 'Fetch' }, path);
    case 'BatchFetch':
      return {
        ...fetchOf(node),
        kind: 'entities',
        parts: node.entityBatch.aliases.map((alias) =>
          partOf(
            alias,
            alias.alias,
            alias.representationsVariableName,
            alias.paths.map((steps) => [...path, ...steps.map(readStep)]),
          ),
        ),
      };
    default:
      throw new UnsupportedPlan(node.kind.toLowerCase());
  }
}

function fetchOf({ serviceName, operation, operationName, variableUsages }: FetchNode) {
  return {
    subgraph: serviceName,
    operation,
    ...(operationName ? { operationName } : {}),
    variables: variableUsages ?? [],
  };
}

function partOf(
  { requires = [], inputRewrites = [], outputRewrites }: PartSource,
  alias: string,
  variable: string,
  paths: readonly Path[],
): EntityPart {
  return {
    alias,
    variable,
    paths,
    requires: requires.map(readRequirement),
    inputRewrites: inputRewrites.map(readInputRewrite),
    renames: readRenames(outputRewrites),
  };
}

/** Conditions of a requirement need no look: what was left out is missing, and so is what requires it. */
function readRequirement(node: RequiresSelection): Requirement {
  switch (node.kind) {
    case 'Field': {
      const fields = node.selections?.length ? { fields: node.selections.map(readRequirement) } : {};
      const as = node.alias === undefined || node.alias === node.name ? {} : { as: node.alias };
      return { kind: 'field', key: node.name, ...as, ...fields };
    }
    case 'InlineFragment':
      return { kind: 'type', type: node.typeCondition, fields: node.selections.map(readRequirement) };
    default:
      throw new UnsupportedPlan('fragment in a requirement');
  }
}

function readRenames(rewrites: readonly FetchRewrite[] = []): Rename[] {
  return rewrites.map((rewrite) => {
    if (!('KeyRenamer' in rewrite)) throw new UnsupportedPlan('value set in an answer');
    const { path, renameKeyTo } = rewrite.KeyRenamer;
    return { path: path.map(readSegment), to: renameKeyTo };
  });
}

function readInputRewrite(rewrite: FetchRewrite): InputRewrite {
  if ('KeyRenamer' in rewrite) {
    const { path, renameKeyTo } = rewrite.KeyRenamer;
    return { kind: 'rename', path: path.map(readSegment), to: renameKeyTo };
  }
  const { path, setValueTo } = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite;
  return { kind: 'set', path: path.map(readSegment), value: setValueTo };
}

function readSegment(segment: FetchNodePathSegment): PathStep {
  return 'Key' in segment ? segment.Key : { types: segment.TypenameEquals };
}

function readStep(segment: FlattenNodePathSegment): PathStep {
  if (segment === '@') return segment;
  return 'Field' in segment ? segment.Field : { types: segment.TypeCondition };
}
