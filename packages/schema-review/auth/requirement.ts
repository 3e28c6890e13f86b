/** What somebody must have to read something: any of these sets, whole. No set: nobody. An empty set: everybody. */
import { type Directive, directiveOf } from '../supergraph.ts';

export type Requirement = readonly (readonly string[])[];

export const EVERYBODY: Requirement = [[]];

/** Short of blowing up what three directives with many sets each may multiply to. */
const MAX_SETS = 256;

const SIGNED_IN = 'a sign-in';

export function requirementOf(element: { directives: readonly Directive[] }): Requirement {
  const parts: Requirement[] = [];
  if (directiveOf(element, 'authenticated')) parts.push([[SIGNED_IN]]);
  const scopes = directiveOf(element, 'requiresScopes')?.args.scopes;
  if (scopes !== undefined) parts.push(setsOf(scopes).map((set) => [SIGNED_IN, ...set]));
  const policies = directiveOf(element, 'policy')?.args.policies;
  if (policies !== undefined)
    parts.push(setsOf(policies).map((set) => set.map((policy) => `policy ${policy}`)));
  return parts.reduce(both, EVERYBODY);
}

export function both(a: Requirement, b: Requirement): Requirement {
  return a.flatMap((one) => b.map((two) => [...new Set([...one, ...two])])).slice(0, MAX_SETS);
}

/** Whether all who satisfy the first satisfy the second. */
export function implies(first: Requirement, second: Requirement): boolean {
  return first.every((set) => second.some((other) => other.every((part) => set.includes(part))));
}

export const isOpen = (requirement: Requirement): boolean => requirement.some((set) => set.length === 0);

/** `a sign-in, and orders:read`, `policy staff, or policy owner`. */
export function tell(requirement: Requirement): string {
  if (isOpen(requirement)) return 'nothing';
  if (requirement.length === 0) return 'what nobody has';
  return requirement
    .map((set) => (set.length > 1 ? set.filter((part) => part !== SIGNED_IN) : set).join(' and '))
    .join(', or ');
}

/** A single value stands for a list of one, as everywhere in GraphQL. */
function setsOf(value: unknown): string[][] {
  const list = (one: unknown): unknown[] => (Array.isArray(one) ? one : [one]);
  return list(value).map((set) => list(set).map(String));
}
