/** `__schema` and `__type` are answered by the schema that clients see; no subgraph is asked. */
import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { wireJson } from '../wire-text.ts';
import type { FieldProjection } from './projection.ts';

export interface IntrospectionInput {
  apiSchema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

export type AnswerIntrospection = (field: FieldProjection, variables: Record<string, unknown>) => string;

/** Text of a field that takes no variables is made once. */
export function introspectionOf({
  apiSchema,
  operation,
  fragments,
}: IntrospectionInput): AnswerIntrospection {
  const known = new Map<FieldProjection, string>();
  return (field, variables) => {
    const made = known.get(field);
    if (made !== undefined) return made;
    const document = documentOf(field.introspection!);
    const { data } = executeSync({ schema: apiSchema, document, rootValue: {}, variableValues: variables });
    const text = wireJson(data?.[field.key] ?? null);
    if (!hasVariables(document)) known.set(field, text);
    return text;
  };

  function documentOf(selections: readonly FieldNode[]): DocumentNode {
    const used = usedFragments(selections);
    const selectionSet = { kind: Kind.SELECTION_SET, selections } as const;
    const names = variableNames([...selections, ...used]);
    const query: OperationDefinitionNode = {
      kind: Kind.OPERATION_DEFINITION,
      operation: OperationTypeNode.QUERY,
      variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) =>
        names.has(variable.name.value),
      ),
      selectionSet,
    };
    return { kind: Kind.DOCUMENT, definitions: [query, ...used] };
  }

  function usedFragments(selections: readonly FieldNode[]): FragmentDefinitionNode[] {
    const used = new Map<string, FragmentDefinitionNode>();
    const look = (nodes: readonly (FieldNode | FragmentDefinitionNode)[]): void => {
      for (const node of nodes) {
        visit(node, {
          FragmentSpread: ({ name }) => {
            if (used.has(name.value)) return;
            const fragment = fragments.get(name.value)!;
            used.set(name.value, fragment);
            look([fragment]);
          },
        });
      }
    };
    look(selections);
    return [...used.values()];
  }
}

function variableNames(nodes: readonly (FieldNode | FragmentDefinitionNode)[]): Set<string> {
  const names = new Set<string>();
  for (const node of nodes) visit(node, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}

function hasVariables({ definitions }: DocumentNode): boolean {
  return definitions.some(
    (node) => node.kind === Kind.OPERATION_DEFINITION && (node.variableDefinitions ?? []).length > 0,
  );
}
