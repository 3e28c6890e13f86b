import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Kind, parse, type ValueNode, visit } from 'graphql';
import { accountsMigrations } from '../store/migrations.ts';
import { isScope, SCOPE_LIST, SCOPE_NAMES } from './scopes.ts';

const SCHEMA = new URL('../../../schema/', import.meta.url);

test('every scope that a schema asks for can be given', () => {
  const files = readdirSync(SCHEMA).filter(
    (file) => file.endsWith('.graphql') && file !== 'supergraph.graphql',
  );
  const asked = files.flatMap((file) => scopesAskedIn(readFileSync(new URL(file, SCHEMA), 'utf8')));
  expect(asked.length).toBeGreaterThan(10);
  expect([...new Set(asked)].filter((scope) => !isScope(scope))).toEqual([]);
});

test('the roles that come with the room give scopes that exist', () => {
  const sql = accountsMigrations()
    .map((migration) => migration.sql)
    .join('\n');
  const given = [...sql.matchAll(/\b[a-z]+:(?:read|write|publish|refund|moderate)\b/g)].map(
    ([scope]) => scope,
  );
  expect(given.length).toBeGreaterThan(20);
  expect(given.filter((scope) => !isScope(scope))).toEqual([]);
});

test('scopes are named alike, described and in order', () => {
  for (const { name, description } of SCOPE_LIST) {
    expect(name).toMatch(/^[a-z]+:[a-z]+$/);
    expect(description).toMatch(/^[A-Z].{9,}[^.]$/);
  }
  expect([...SCOPE_NAMES].sort()).toEqual(SCOPE_NAMES);
  expect(isScope('toString')).toBe(false);
});

function scopesAskedIn(sdl: string): string[] {
  const found: string[] = [];
  visit(parse(sdl), {
    Directive: ({ name, arguments: given = [] }) => {
      if (name.value === 'requiresScopes') found.push(...given.flatMap(({ value }) => stringsIn(value)));
    },
  });
  return found;
}

function stringsIn(value: ValueNode): string[] {
  if (value.kind === Kind.STRING) return [value.value];
  return value.kind === Kind.LIST ? value.values.flatMap(stringsIn) : [];
}
