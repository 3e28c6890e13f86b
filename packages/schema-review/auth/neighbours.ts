/** New fields without a rule among neighbours that have one: most often it was forgotten. */
import type { SchemaChange } from '../changes/schema-change.ts';
import type { FieldView, SupergraphView, TypeView } from '../supergraph.ts';
import { isOpen, requirementOf } from './requirement.ts';

const ROOTS = ['Query', 'Mutation', 'Subscription'];
const OBJECTS = ['ObjectTypeDefinition', 'InterfaceTypeDefinition'];

export function forgottenRules(before: SupergraphView, after: SupergraphView): SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const type of after.types.values()) {
    if (!OBJECTS.includes(type.kind) || !isOpen(requirementOf(type))) continue;
    const known = before.types.get(type.name);
    for (const field of type.fields.values()) {
      if (known?.fields.has(field.name) || !isUnruled(field, after)) continue;
      const neighbours = neighboursOf(field, type);
      const ruled = neighbours.filter((one) => !isUnruled(one, after));
      if (ruled.length * 2 <= neighbours.length) continue;
      changes.push(forgotten(type, field, ruled, neighbours));
    }
  }
  return changes;
}

const isUnruled = (field: FieldView, { types }: SupergraphView): boolean => {
  const returned = types.get(field.typeName);
  return isOpen(requirementOf(field)) && (!returned || isOpen(requirementOf(returned)));
};

/**
 * In a type, whatever is no key of it; at the root, where the whole house meets, what returns the same, or begins with
 * the same word: `userSuspend` beside `userReinstate`.
 */
function neighboursOf(field: FieldView, type: TypeView): FieldView[] {
  const others = [...type.fields.values()].filter((one) => one !== field);
  if (ROOTS.includes(type.name)) {
    const word = firstWord(field.name);
    return others.filter((one) => one.typeName === field.typeName || firstWord(one.name) === word);
  }
  const keys = [...type.subgraphs.values()].flatMap(({ keys }) => keys.map(({ fields }) => fields)).join(' ');
  return others.filter(({ name }) => !keys.split(/\W+/).includes(name));
}

const firstWord = (name: string): string => /^[a-z0-9]+/.exec(name)?.[0] ?? name;

function forgotten(
  type: TypeView,
  field: FieldView,
  ruled: readonly FieldView[],
  neighbours: readonly FieldView[],
): SchemaChange {
  const some = ruled.slice(0, 3).map(({ name }) => name);
  return {
    code: 'AUTH_RULE_MISSING',
    level: 'risky',
    coordinate: `${type.name}.${field.name}`,
    message: `${type.name}.${field.name} is new and needs nothing, while ${ruled.length} of ${neighbours.length} beside it have a rule: ${some.join(', ')}${ruled.length > some.length ? ' …' : ''}`,
    remedy: 'Give it a rule, or say in its description why it needs none.',
  };
}
