/** A fetch of several `_entities` as one fetch for each of them. */
import {
  type ASTNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import type { EntityFetch } from '../../plan/plan.ts';

export function split(fetch: EntityFetch): EntityFetch[] {
  if (fetch.parts.length === 1) return [fetch];
  const { definitions } = parse(fetch.operation, { noLocation: true });
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const whole = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!;
  return fetch.parts.map((part) => {
    const selections = whole.selectionSet.selections.filter(
      (node) => node.kind === Kind.FIELD && (node.alias?.value ?? node.name.value) === part.alias,
    );
    const operation = { ...whole, selectionSet: { ...whole.selectionSet, selections } };
    const used = reachable(operation, fragments);
    const names = variablesIn([operation.selectionSet, ...used]);
    const variableDefinitions = (whole.variableDefinitions ?? []).filter(({ variable }) =>
      names.has(variable.name.value),
    );
    const document = {
      kind: Kind.DOCUMENT,
      definitions: [{ ...operation, variableDefinitions }, ...used],
    } as const;
    return {
      ...fetch,
      operation: print(document),
      variables: fetch.variables.filter((name) => names.has(name)),
      parts: [part],
    };
  });
}

function reachable(
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
): FragmentDefinitionNode[] {
  const used = new Set<FragmentDefinitionNode>();
  const look = (node: ASTNode): void => {
    visit(node, {
      FragmentSpread: ({ name }) => {
        const fragment = fragments.find((candidate) => candidate.name.value === name.value);
        if (!fragment || used.has(fragment)) return;
        used.add(fragment);
        look(fragment);
      },
    });
  };
  look(operation);
  return [...used];
}

function variablesIn(nodes: readonly ASTNode[]): Set<string> {
  const names = new Set<string>();
  for (const node of nodes) visit(node, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}
