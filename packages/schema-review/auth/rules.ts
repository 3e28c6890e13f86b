/** Rules that got weaker, stricter, or went away, by what they ask for in the end and not by how they are written. */
import { isUnionType } from 'graphql';
import { mentionsOf, type SchemaChange, selectionsOf } from '../changes/schema-change.ts';
import type { Level } from '../finding.ts';
import type { Impact } from '../impact/impact.ts';
import type { Touch } from '../impact/touches.ts';
import type { FieldView, SupergraphView, TypeView } from '../supergraph.ts';
import { both, implies, isOpen, type Requirement, requirementOf, tell } from './requirement.ts';

export function ruleChanges(before: SupergraphView, after: SupergraphView): SchemaChange[] {
  return [...after.types.values()].flatMap((type) => {
    const old = before.types.get(type.name);
    return old ? ofType(old, type) : [];
  });
}

function ofType(before: TypeView, after: TypeView): SchemaChange[] {
  const [was, is] = [requirementOf(before), requirementOf(after)];
  const fields = [...after.fields.values()].flatMap((field) => {
    const old = before.fields.get(field.name);
    return old ? [{ old, field }] : [];
  });
  const changes = fields.flatMap(({ old, field }) => ofField(before, old, after, field));
  const hasMoved = fields.length > 0 && changes.length === 0;
  // Written on the type instead of on every field, or the other way round, it asks for the same.
  if (same(was, is) || hasMoved) return changes;
  const ofItself = describe(after.name, was, is, (impact) => [
    ...mentionsOf(after.name, impact),
    ...unionsOf(after.name, impact),
  ]);
  return [ofItself, ...changes.filter(({ coordinate }) => !isCoveredBy(coordinate, fields))];
}

/** Of an interface the composer takes the rule over; a union has none of its own, and comes back with holes. */
function unionsOf(type: string, { before, touches }: Impact): readonly Touch[] {
  const unions = Object.values(before.getTypeMap()).filter(isUnionType);
  return unions
    .filter((union) => union.getTypes().some(({ name }) => name === type))
    .flatMap(({ name }) => touches.returning(name));
}

/** Fields whose own rule stayed as it was changed with their type. */
function isCoveredBy(coordinate: string, fields: readonly { old: FieldView; field: FieldView }[]): boolean {
  const found = fields.find(({ field }) => coordinate.endsWith(`.${field.name}`));
  return found !== undefined && same(requirementOf(found.old), requirementOf(found.field));
}

function ofField(oldType: TypeView, old: FieldView, type: TypeView, field: FieldView): SchemaChange[] {
  const was = both(requirementOf(oldType), requirementOf(old));
  const is = both(requirementOf(type), requirementOf(field));
  if (same(was, is)) return [];
  const touched: SchemaChange['touched'] = (impact) => selectionsOf(type.name, field.name, impact);
  return [describe(`${type.name}.${field.name}`, was, is, touched)];
}

const same = (a: Requirement, b: Requirement): boolean => implies(a, b) && implies(b, a);

function describe(
  coordinate: string,
  was: Requirement,
  is: Requirement,
  touched: SchemaChange['touched'],
): SchemaChange {
  const [code, level, what] = kindOf(was, is);
  return {
    code,
    level,
    coordinate,
    message: `${coordinate} ${what}`,
    ...(level === 'breaking' && touched && { touched }),
  };
}

function kindOf(was: Requirement, is: Requirement): [string, Level, string] {
  if (isOpen(is))
    return ['AUTH_RULE_REMOVED', 'risky', `needs nothing any more, where it needed ${tell(was)}`];
  if (isOpen(was))
    return ['AUTH_RULE_ADDED', 'breaking', `needs ${tell(is)} now: clients without it are refused`];
  const instead = `needs ${tell(is)} instead of ${tell(was)}`;
  if (implies(was, is)) return ['AUTH_RULE_WEAKER', 'risky', `${instead}: more people may read it`];
  if (implies(is, was))
    return ['AUTH_RULE_STRICTER', 'breaking', `${instead}: some who may read it now are refused`];
  return ['AUTH_RULE_CHANGED', 'breaking', `${instead}: some are refused, and others let in`];
}
