/** Changes of what clients see: found by GraphQL Inspector, told and weighed in our own words. */
import type { Change } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';
import { directiveChanges } from './api-directives.ts';
import { fieldChanges } from './api-fields.ts';
import { inputChanges } from './api-inputs.ts';
import { typeChanges } from './api-types.ts';
import type { SchemaChange, Table } from './schema-change.ts';

const TABLE: Table = { ...typeChanges, ...fieldChanges, ...inputChanges, ...directiveChanges };

export async function apiChanges(before: GraphQLSchema, after: GraphQLSchema): Promise<SchemaChange[]> {
  if (before === after) return [];
  // Loaded only when there is something to compare: it takes as long to load as all of graphql-js.
  const { diff } = await import('@graphql-inspector/core');
  const changes = await diff(before, after);
  return changes.flatMap((change) => {
    if (isPartOfNew(change, before)) return [];
    return TABLE[change.type]?.(change.meta, { before, after }) ?? [];
  });
}

/** A new type is told once, without its fields; a new field without its arguments. */
function isPartOfNew({ type, path }: Change, before: GraphQLSchema): boolean {
  if (type === 'TYPE_ADDED' || type === 'DIRECTIVE_ADDED' || path === undefined) return false;
  if (path.startsWith('@')) return !before.getDirective(path.slice(1).split('.')[0]!);
  const [typeName, member, argument] = path.split('.');
  const known = before.getType(typeName!);
  if (!known) return !type.startsWith('SCHEMA_');
  if (argument === undefined || !('getFields' in known)) return false;
  return !(member! in known.getFields());
}
