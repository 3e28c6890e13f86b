/**
 * The planner knows no security feature and rightly refuses supergraphs that have one. Those that this router enforces
 * by itself are taken out of the copy that the planner gets; any other is refused here, by name.
 */
import { type ASTNode, type DocumentNode, Kind, visit } from 'graphql';
import { AUTHENTICATED, POLICY, REQUIRES_SCOPES } from '../policy/rules.ts';
import { elementOf, type Feature, featuresOf, mainDirectiveOf, readFeature } from './features.ts';

const ENFORCED = [AUTHENTICATED, REQUIRES_SCOPES, POLICY].map((identity) => `${identity}/v0.1`);
/** Left in: the planner hides what is inaccessible from the schema that clients see. */
const ENFORCED_BY_PLANNER = /^https:\/\/specs\.apollo\.dev\/inaccessible\/v0\.[12]$/;

/** One sentence for each feature that would be left unguarded. */
export function unenforcedSecurity(supergraph: DocumentNode): string[] {
  return featuresOf(supergraph)
    .filter(isSecurity)
    .filter(({ url }) => !ENFORCED.includes(url) && !ENFORCED_BY_PLANNER.test(url))
    .map(
      ({ name, url }) =>
        `it uses the security feature "${name}" (${url}), which this router does not enforce; ` +
        'serving it would open what it guards',
    );
}

export function withoutEnforcedSecurity(supergraph: DocumentNode): DocumentNode {
  const features = featuresOf(supergraph).filter(({ url }) => ENFORCED.includes(url));
  if (features.length === 0) return supergraph;
  const directives = new Set(features.map(mainDirectiveOf));
  const scalars = new Set(
    features.flatMap((feature) => [elementOf(feature, 'Scope'), elementOf(feature, 'Policy')]),
  );
  const drop = (node: { name: { value: string } }, names: Set<string>) =>
    names.has(node.name.value) ? null : undefined;
  return visit(supergraph, {
    Directive: (node, _key, _parent, _path, ancestors) =>
      onSchema(ancestors) && ENFORCED.includes(readFeature(node as never)?.url ?? '')
        ? null
        : drop(node, directives),
    DirectiveDefinition: (node) => drop(node, directives),
    ScalarTypeDefinition: (node) => drop(node, scalars),
  });
}

/** Also without `for: SECURITY`: whoever composed it may have left the purpose out, but not the meaning. */
function isSecurity({ purpose, url }: Feature): boolean {
  return purpose === 'SECURITY' || /\/(authenticated|requiresScopes|policy)\/v\d+\.\d+\/?$/.test(url);
}

function onSchema(ancestors: readonly (ASTNode | readonly ASTNode[])[]): boolean {
  return ancestors.some(
    (node) => 'kind' in node && (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION),
  );
}
