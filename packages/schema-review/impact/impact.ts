/** What a change does to the operations that clients have: who touches it, and who is refused because of it. */
import type { ASTNode, DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import type { Use } from '../finding.ts';
import { type Operation, operationKey, type Usage } from '../repository.ts';
import { refusalsOf } from '../validity.ts';
import { type Touch, type Touches, touchesOf } from './touches.ts';

export interface Impact {
  touches: Touches;
  before: GraphQLSchema;
  after: GraphQLSchema;
  /** Whether head refuses the operation for what stands there. */
  isRefused(touch: Touch): boolean;
  /** What head says of an operation that base took. */
  refusals(operation: Operation): readonly GraphQLError[];
  usesOf(touches: readonly Touch[]): Use[];
}

export function impactOn(
  operations: readonly Operation[],
  before: GraphQLSchema,
  after: GraphQLSchema,
  usage: Usage | undefined,
): Impact {
  const known = new Map<DocumentNode, readonly GraphQLError[]>();
  const refusals = ({ document }: Operation) => {
    const errors = known.get(document) ?? refusalsOf(after, document);
    known.set(document, errors);
    return errors;
  };
  return {
    touches: touchesOf(operations, before),
    before,
    after,
    refusals,
    isRefused: ({ operation, node }) =>
      refusals(operation).some((error) => error.nodes?.some((one) => isWithin(one, node))),
    usesOf: (touches) => usesOf(touches, usage),
  };
}

function isWithin(inner: ASTNode, outer: ASTNode): boolean {
  if (!inner.loc || !outer.loc || inner.loc.source !== outer.loc.source) return false;
  return inner.loc.start >= outer.loc.start && inner.loc.end <= outer.loc.end;
}

/** One a line, however often the line is touched; those that are asked most often first. */
export function usesOf(touches: readonly Touch[], usage: Usage | undefined): Use[] {
  const uses = new Map<string, Use>();
  for (const { operation, node } of touches) {
    const use = useAt(operation, node, usage);
    uses.set(`${use.client} ${use.operation} ${use.file}:${use.line}`, use);
  }
  return [...uses.values()].sort((a, b) => (b.count ?? 0) - (a.count ?? 0));
}

export function useAt(operation: Operation, node: ASTNode, usage: Usage | undefined): Use {
  const { client, name, file } = operation;
  const count = usage?.get(operationKey(operation));
  return {
    client,
    operation: name,
    file: node.loc?.source.name ?? file,
    line: node.loc?.startToken.line ?? 1,
    column: node.loc?.startToken.column ?? 1,
    ...(count !== undefined && { count }),
  };
}
