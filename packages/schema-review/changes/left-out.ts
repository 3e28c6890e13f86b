/** Whether an operation leaves to the schema what an argument or input field is. */
import { type ASTNode, astFromValue, type GraphQLInputType, Kind, print, type ValueNode } from 'graphql';
import type { Touch } from '../impact/touches.ts';

/** Not given, or given by a variable that may be left out. */
export function leavesOut(touch: Touch, argument: string): boolean {
  const { node } = touch;
  const given = valuesIn(node).find(({ name }) => name.value === argument);
  return given === undefined || isOptionalVariable(given.value, touch);
}

function valuesIn(node: ASTNode) {
  if (node.kind === Kind.FIELD) return node.arguments ?? [];
  return node.kind === Kind.OBJECT ? node.fields : [];
}

function isOptionalVariable(value: ValueNode, { operation }: Touch): boolean {
  if (value.kind !== Kind.VARIABLE) return false;
  const [definition] = operation.document.definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return false;
  const variable = definition.variableDefinitions?.find(
    (one) => one.variable.name.value === value.name.value,
  );
  return variable?.type.kind !== Kind.NON_NULL_TYPE && variable?.defaultValue === undefined;
}

/** As one would write it. */
export function defaultOf(input: { defaultValue?: unknown; type: GraphQLInputType } | undefined): string {
  const node = input?.defaultValue === undefined ? null : astFromValue(input.defaultValue, input.type);
  return node ? print(node) : 'none';
}
