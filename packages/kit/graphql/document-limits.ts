/** A second line behind the router's limits: how deep a document may reach, checked once a document. */
import type { FragmentDefinitionNode, SelectionSetNode, ValidationContext, ValidationRule } from 'graphql';
import { soukError } from '../errors/errors.ts';

/** The router's limits are tighter and come first; these hold should somebody get past it. */
export const MAX_DEPTH = 30;
export const MAX_TOKENS = 20_000;

/** A validation rule. Fragments count where they are spread; each is measured once, so spreading cannot be abused. */
export function depthLimit(maxDepth: number): ValidationRule {
  return (context) => {
    const depths = new Map<string, number>();
    return {
      OperationDefinition(operation) {
        const depth = depthOf(operation.selectionSet, context, depths);
        if (depth <= maxDepth) return;
        const name = operation.name ? ` ${operation.name.value}` : '';
        context.reportError(
          soukError(
            'OPERATION_TOO_LARGE',
            `The operation${name} has ${depth} levels; at most ${maxDepth} are allowed`,
          ),
        );
      },
    };
  };
}

function depthOf(
  set: SelectionSetNode | undefined,
  context: ValidationContext,
  depths: Map<string, number>,
): number {
  if (!set) return 0;
  let deepest = 0;
  for (const selection of set.selections) {
    const depth =
      selection.kind === 'Field'
        ? 1 + depthOf(selection.selectionSet, context, depths)
        : selection.kind === 'InlineFragment'
          ? depthOf(selection.selectionSet, context, depths)
          : depthOfFragment(context.getFragment(selection.name.value), context, depths);
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

function depthOfFragment(
  fragment: FragmentDefinitionNode | null | undefined,
  context: ValidationContext,
  depths: Map<string, number>,
): number {
  // A fragment that is missing or spreads itself is reported by GraphQL's own rules.
  if (!fragment) return 0;
  const name = fragment.name.value;
  const known = depths.get(name);
  if (known !== undefined) return known;
  depths.set(name, 0);
  const depth = depthOf(fragment.selectionSet, context, depths);
  depths.set(name, depth);
  return depth;
}
