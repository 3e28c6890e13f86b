/** `@skip` and `@include`: an operation is compiled for each set of values that its conditions come with. */
import {
  type DocumentNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql';

export type Conditions = ReadonlyMap<string, boolean>;
export type IsLeftOut = (node: SelectionNode) => boolean;

/** Variables that decide what an operation selects. */
export function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: args }) => {
      if (name.value !== GraphQLSkipDirective.name && name.value !== GraphQLIncludeDirective.name) return;
      for (const { value } of args ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/** Nothing when one of them is no Boolean: null can stand where a default makes the variable optional. */
export function valuesOf(
  names: readonly string[],
  { variableDefinitions }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Conditions | undefined {
  const values = new Map<string, boolean>();
  for (const name of names) {
    const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const definition = variableDefinitions?.find(({ variable }) => variable.name.value === name);
    const preset = definition?.defaultValue;
    const value = given ?? (given === undefined && preset?.kind === Kind.BOOLEAN ? preset.value : undefined);
    if (typeof value !== 'boolean') return undefined;
    values.set(name, value);
  }
  return values;
}

export function leavesOut(conditions: Conditions): IsLeftOut {
  return ({ directives = [] }) =>
    directives.some(({ name, arguments: args }) => {
      const isSkip = name.value === GraphQLSkipDirective.name;
      if (!isSkip && name.value !== GraphQLIncludeDirective.name) return false;
      const value = args?.[0]?.value;
      if (value?.kind === Kind.BOOLEAN) return value.value === isSkip;
      // A variable that the client's operation does not condition on is the subgraph's own matter: what it leaves out
      // is missing from its answer.
      const known = value?.kind === Kind.VARIABLE ? conditions.get(value.name.value) : undefined;
      return known !== undefined && known === isSkip;
    });
}
