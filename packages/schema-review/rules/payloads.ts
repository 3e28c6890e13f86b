import { type FieldDefinitionNode, Kind, print, type TypeNode } from 'graphql';
import type { RuleSettings } from '../settings.ts';
import { type Graph, isNonNull, namedType, type SubgraphView, type TypeView } from './graph.ts';
import type { RuleContext, Violation } from './rule.ts';

/** A mutation takes one input and answers a payload of its own, which says why it refused. */
export function* payloads({ subgraphs }: Graph, { settings }: RuleContext): Iterable<Violation> {
  for (const subgraph of subgraphs) {
    for (const field of subgraph.root('mutation')?.fields ?? []) {
      yield* inputOf(field, subgraph);
      yield* payloadOf(field, subgraph, settings.userErrors);
    }
  }
}

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function* inputOf(field: FieldDefinitionNode, subgraph: SubgraphView): Iterable<Violation> {
  const wanted = `input: ${capital(field.name.value)}Input!`;
  const given = (field.arguments ?? []).map(({ name, type }) => `${name.value}: ${print(type)}`);
  if (given.length === 0 || (given.length === 1 && given[0] === wanted)) return;
  yield {
    code: 'MUTATION_INPUT',
    message: `Mutation ${field.name.value} takes (${given.join(', ')}) instead of one \`${wanted}\`.`,
    remedy: `Put what it takes into ${capital(field.name.value)}Input, which can grow without a break.`,
    coordinate: `Mutation.${field.name.value}`,
    subgraph: subgraph.name,
    node: field,
  };
}

function* payloadOf(
  field: FieldDefinitionNode,
  subgraph: SubgraphView,
  userErrors: RuleSettings['userErrors'],
): Iterable<Violation> {
  const { value: name } = field.name;
  const wanted = `${capital(name)}Payload`;
  const payload = subgraph.types.get(namedType(field.type));
  const common = { subgraph: subgraph.name, coordinate: `Mutation.${name}`, node: field };
  if (namedType(field.type) !== wanted || payload?.kind !== 'object') {
    yield {
      ...common,
      code: 'MUTATION_PAYLOAD',
      message: `Mutation ${name} answers ${print(field.type)} instead of a payload of its own, ${wanted}.`,
      remedy: `Let it answer ${wanted}, with the changed object and \`${userErrors.field}\`.`,
    };
  }
  // What is no payload at all is not measured by what payloads have.
  if (payload?.kind !== 'object' || !payload.name.endsWith('Payload')) return;
  const errors = payload.fields.find((one) => one.name.value === userErrors.field);
  if (!errors || !isListOfErrors(errors.type, userErrors.type, subgraph)) {
    yield {
      ...common,
      code: 'USER_ERRORS_MISSING',
      message: `${payload.name} has no \`${userErrors.field}\` that is always a list of ${userErrors.type}.`,
      remedy: `Add \`${userErrors.field}: [${userErrors.type}!]!\`, or a list of a type that implements ${userErrors.type}.`,
      coordinate: errors ? `${payload.name}.${userErrors.field}` : payload.name,
      node: errors ?? payload.node,
    };
  }
  yield* requiredIn(payload, subgraph, userErrors.field);
}

function isListOfErrors(type: TypeNode, error: string, { types }: SubgraphView): boolean {
  if (type.kind !== Kind.NON_NULL_TYPE || type.type.kind !== Kind.LIST_TYPE) return false;
  const name = namedType(type);
  return (
    isNonNull(type.type.type) && (name === error || (types.get(name)?.interfaces.includes(error) ?? false))
  );
}

/** A refused mutation has nothing to put there, and its refusal would be lost with the null. */
function* requiredIn(payload: TypeView, subgraph: SubgraphView, userErrors: string): Iterable<Violation> {
  for (const field of payload.fields) {
    if (field.name.value === userErrors || !isNonNull(field.type)) continue;
    yield {
      code: 'PAYLOAD_NOT_NULL',
      message: `${payload.name}.${field.name.value} must be there even when the mutation was refused.`,
      remedy: `Make it ${print(field.type).slice(0, -1)}.`,
      coordinate: `${payload.name}.${field.name.value}`,
      subgraph: subgraph.name,
      node: field,
    };
  }
}
