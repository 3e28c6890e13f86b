/** Who may read which type and field: `@authenticated`, `@requiresScopes` and `@policy`, read out of a supergraph. */
import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
} from 'graphql';
import { type Feature, featuresOf, mainDirectiveOf } from '../supergraph/features.ts';

/** What one directive, or several on the same place, ask of a viewer. */
export interface Rule {
  /** `User.email`, or `User` for a whole type. */
  coordinate: string;
  /** Any of these sets suffices, whole. Absent: being signed in is enough. */
  scopes?: Sets;
  /** The same of policies; where there are scopes too, both are needed. */
  policies?: Sets;
}

type Sets = readonly (readonly string[])[];

export interface Rules {
  /** Applies to whatever is read from or by the type. */
  ofType: ReadonlyMap<string, Rule>;
  /** By coordinate. */
  ofField: ReadonlyMap<string, Rule>;
}

export interface Permissions {
  authenticated: boolean;
  scopes: readonly string[];
  /** Names of the policies that the viewer's token grants. */
  policies: readonly string[];
}

export const AUTHENTICATED = 'https://specs.apollo.dev/authenticated';
export const REQUIRES_SCOPES = 'https://specs.apollo.dev/requiresScopes';
export const POLICY = 'https://specs.apollo.dev/policy';

export function readRules(supergraph: DocumentNode): Rules {
  const features = featuresOf(supergraph);
  const names = (identity: string) =>
    features.filter((feature: Feature) => feature.identity === identity).map(mainDirectiveOf);
  const [authenticated, requiresScopes, policy] = [AUTHENTICATED, REQUIRES_SCOPES, POLICY].map(names) as [
    string[],
    string[],
    string[],
  ];
  const ofType = new Map<string, Rule>();
  const ofField = new Map<string, Rule>();

  const read = (coordinate: string, directives: readonly ConstDirectiveNode[] = []): Rule | undefined => {
    const find = (known: readonly string[]) => directives.find(({ name }) => known.includes(name.value));
    const [scopes, policies] = [find(requiresScopes), find(policy)];
    if (!scopes && !policies) return find(authenticated) && { coordinate };
    return {
      coordinate,
      ...(scopes ? { scopes: setsIn(scopes, 'scopes') } : {}),
      ...(policies ? { policies: setsIn(policies, 'policies') } : {}),
    };
  };
  const keep = (into: Map<string, Rule>, rule: Rule | undefined) => {
    if (rule) into.set(rule.coordinate, rule);
  };

  for (const definition of supergraph.definitions) {
    if (!('name' in definition) || definition.name === undefined || !('directives' in definition)) continue;
    if (definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION)
      continue;
    const type = definition.name.value;
    keep(ofType, read(type, definition.directives));
    if (!('fields' in definition) || definition.fields === undefined) continue;
    for (const field of definition.fields as readonly FieldDefinitionNode[]) {
      keep(ofField, read(`${type}.${field.name.value}`, field.directives));
    }
  }
  return { ofType, ofField };
}

/** Scopes and policies need a sign-in too, even where one of the sets is empty: a token alone grants them. */
export function permits(rule: Rule, { authenticated, scopes, policies }: Permissions): boolean {
  return authenticated && hasSet(rule.scopes, scopes) && hasSet(rule.policies, policies);
}

function hasSet(sets: Sets | undefined, granted: readonly string[]): boolean {
  return sets === undefined || sets.some((set) => set.every((name) => granted.includes(name)));
}

/** What a client is told when it may not read the place that the rule guards. */
export function refusalOf(rule: Rule, { authenticated }: Permissions): string {
  if (!authenticated) return `Sign in to read ${rule.coordinate}`;
  const needs = [needOf('scope', rule.scopes), needOf('policy', rule.policies)].filter((need) => need !== '');
  return needs.includes(NOBODY)
    ? `Nobody may read ${rule.coordinate}`
    : `Reading ${rule.coordinate} needs ${needs.join('; and ')}`;
}

const NOBODY = 'nobody';

function needOf(kind: string, sets: Sets | undefined): string {
  if (sets === undefined) return '';
  return sets.length === 0 ? NOBODY : `the ${kind} ${sets.map((set) => set.join(' and ')).join(', or ')}`;
}

function setsIn(directive: ConstDirectiveNode, argument: string): string[][] {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  return listOf(value).map((set) =>
    listOf(set).map((name) => {
      // A rule that cannot be read must not let anyone through.
      if (name.kind !== Kind.STRING)
        throw new Error(`@${directive.name.value} takes a list of lists of strings`);
      return name.value;
    }),
  );
}

/** A single value stands for a list of one, as everywhere in GraphQL. */
function listOf(value: ConstValueNode | undefined): readonly ConstValueNode[] {
  if (value === undefined) return [];
  return value.kind === Kind.LIST ? value.values : [value];
}
