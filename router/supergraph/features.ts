/** The specifications that a supergraph says it uses (`@link`, or `@core` in old ones), and what their names are there. */
import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind } from 'graphql';

export interface Feature {
  /** As written: `https://specs.apollo.dev/authenticated/v0.1`. */
  url: string;
  /** The URL without its version. */
  identity: string;
  /** Last part of the identity: `authenticated`. */
  name: string;
  version: string;
  /** `SECURITY` or `EXECUTION` when a reader that does not know the feature must refuse the supergraph. */
  purpose?: string;
  /** What prefixes its elements in this schema: `as:`, or the name. */
  namespace: string;
  /** Element as the specification names it -> as this schema names it; both with their `@` when directives. */
  imports: ReadonlyMap<string, string>;
}

/** Every feature of the schema definition and its extensions. */
export function featuresOf(supergraph: DocumentNode): Feature[] {
  return linksOf(supergraph).flatMap((link) => {
    const feature = readFeature(link);
    return feature ? [feature] : [];
  });
}

export function linksOf(supergraph: DocumentNode): ConstDirectiveNode[] {
  return supergraph.definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? [])
      : [],
  );
}

/** Nothing when the directive links to no feature. */
export function readFeature(link: ConstDirectiveNode): Feature | undefined {
  const url = stringArgument(link, 'url') ?? stringArgument(link, 'feature');
  const parts = url === undefined ? null : /^(.*\/([^/]+))\/(v\d+\.\d+)\/?$/.exec(url);
  if (url === undefined || parts === null) return undefined;
  const [, identity, name, version] = parts as unknown as [string, string, string, string];
  const feature: Feature = {
    url,
    identity,
    name,
    version,
    namespace: stringArgument(link, 'as') ?? name,
    imports: importsOf(argument(link, 'import')),
  };
  const purpose = argument(link, 'for');
  if (purpose?.kind === Kind.ENUM) feature.purpose = purpose.value;
  return feature;
}

/** What the directive that gives a feature its name is called in this schema, without the `@`. */
export function mainDirectiveOf(feature: Feature): string {
  return (feature.imports.get(`@${feature.name}`) ?? `@${feature.namespace}`).slice(1);
}

/** What another element of the feature is called in this schema. */
export function elementOf(feature: Feature, element: string): string {
  return feature.imports.get(element) ?? `${feature.namespace}__${element}`;
}

function importsOf(value: ConstValueNode | undefined): Map<string, string> {
  const imports = new Map<string, string>();
  if (value?.kind !== Kind.LIST) return imports;
  for (const item of value.values) {
    if (item.kind === Kind.STRING) imports.set(item.value, item.value);
    if (item.kind !== Kind.OBJECT) continue;
    const field = (name: string) => item.fields.find((candidate) => candidate.name.value === name)?.value;
    const [name, alias] = [field('name'), field('as')];
    if (name?.kind !== Kind.STRING) continue;
    imports.set(name.value, alias?.kind === Kind.STRING ? alias.value : name.value);
  }
  return imports;
}

function stringArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = argument(directive, name);
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function argument(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((candidate) => candidate.name.value === name)?.value;
}
