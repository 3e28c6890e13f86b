/** Who may read which type and field: `@authenticated` and `@requiresScopes`, read out of a supergraph. */
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
  scopes?: readonly (readonly string[])[];
}

export interface Rules {
  /** Applies to whatever is read from or by the type. */
  ofType: ReadonlyMap<string, Rule>;
  /** By coordinate. */
  ofField: ReadonlyMap<string, Rule>;
}

export interface Permissions {
  authenticated: boolean;
  scopes: readonly string[];
}

export const AUTHENTICATED = 'https://specs.apollo.dev/authenticated';
export const REQUIRES_SCOPES = 'https://specs.apollo.dev/requiresScopes';

export function readRules(supergraph: DocumentNode): Rules {
  const features = featuresOf(supergraph);
  const names = (identity: string) =>
    features.filter((feature: Feature) => feature.identity === identity).map(mainDirectiveOf);
  const [authenticated, requiresScopes] = [names(AUTHENTICATED), names(REQUIRES_SCOPES)];
  const ofType = new Map<string, Rule>();
  const ofField = new Map<string, Rule>();

  const read = (coordinate: string, directives: readonly ConstDirectiveNode[] = []): Rule | undefined => {
    const scopes = directives.find(({ name }) => requiresScopes.includes(name.value));
    if (scopes) return { coordinate, scopes: scopeSets(scopes) };
    return directives.some(({ name }) => authenticated.includes(name.value)) ? { coordinate } : undefined;
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

/** Scopes need a sign-in too, even where one of the sets is empty. */
export function permits(rule: Rule, { authenticated, scopes }: Permissions): boolean {
  if (!authenticated) return false;
  return rule.scopes === undefined || rule.scopes.some((set) => set.every((scope) => scopes.includes(scope)));
}

/** What a client is told when it may not read the place that the rule guards. */
export function refusalOf(rule: Rule, { authenticated }: Permissions): string {
  if (!authenticated) return `Sign in to read ${rule.coordinate}`;
  const sets = rule.scopes?.map((set) => set.join(' and ')) ?? [];
  return sets.length === 0
    ? `Nobody may read ${rule.coordinate}`
    : `Reading ${rule.coordinate} needs the scope ${sets.join(', or ')}`;
}

function scopeSets(directive: ConstDirectiveNode): string[][] {
  const value = directive.arguments?.find(({ name }) => name.value === 'scopes')?.value;
  return listOf(value).map((set) =>
    listOf(set).map((scope) => {
      // A rule that cannot be read must not let anyone through.
      if (scope.kind !== Kind.STRING)
        throw new Error(`@${directive.name.value} takes a list of lists of strings`);
      return scope.value;
    }),
  );
}

/** A single value stands for a list of one, as everywhere in GraphQL. */
function listOf(value: ConstValueNode | undefined): readonly ConstValueNode[] {
  if (value === undefined) return [];
  return value.kind === Kind.LIST ? value.values : [value];
}
