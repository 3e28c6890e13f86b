/** Which subscriptions tell everybody the same: fields of the root type that are tagged `shared`. */
import { type DocumentNode, Kind, OperationTypeNode, valueFromASTUntyped } from 'graphql';
import { featuresOf, mainDirectiveOf } from './features.ts';

const TAG = 'https://specs.apollo.dev/tag';
const SHARED = 'shared';

export function readSharedFields(supergraph: DocumentNode): ReadonlySet<string> {
  const tags = featuresOf(supergraph)
    .filter(({ identity }) => identity === TAG)
    .map(mainDirectiveOf);
  const root = rootTypeIn(supergraph);
  const shared = new Set<string>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION || definition.name.value !== root) continue;
    for (const { name, directives = [] } of definition.fields ?? []) {
      const isShared = directives.some(
        (directive) =>
          tags.includes(directive.name.value) &&
          directive.arguments?.some(
            (argument) => argument.name.value === 'name' && valueFromASTUntyped(argument.value) === SHARED,
          ),
      );
      if (isShared) shared.add(name.value);
    }
  }
  return shared;
}

function rootTypeIn(supergraph: DocumentNode): string | undefined {
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const { operation, type } of definition.operationTypes ?? []) {
      if (operation === OperationTypeNode.SUBSCRIPTION) return type.name.value;
    }
  }
  return undefined;
}
