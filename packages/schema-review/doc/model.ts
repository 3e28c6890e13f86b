/** What the page tells, out of one side of a review: types by owner, who adds what, who may see it, who uses it. */
import {
  type GraphQLArgument,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';
import { both, EVERYBODY, isOpen, requirementOf, tell } from '../auth/requirement.ts';
import { costsOf, type OperationCost } from '../cost/compare.ts';
import { impactOn } from '../impact/impact.ts';
import { type Operation, operationKey } from '../repository.ts';
import { graphOf } from '../rules/graph.ts';
import { ownersIn } from '../rules/owners.ts';
import type { RuleSettings } from '../settings.ts';
import type { Composed, Snapshot } from '../snapshot.ts';
import { directiveOf, type FieldView } from '../supergraph.ts';

export interface DocModel {
  title: string;
  owners: { name: string; types: DocType[] }[];
  /** Query, Mutation, Subscription: all subgraphs add to them. */
  roots: DocType[];
  /** Values that several subgraphs have, and none owns. */
  shared: DocType[];
  clients: { name: string; operations: DocOperation[] }[];
}

export interface DocType {
  name: string;
  kind: string;
  description?: string;
  /** Subgraphs that have it beside its owner. */
  others: string[];
  /** Undefined: everybody. */
  visibleTo?: string;
  keys: string[];
  implementsTypes: string[];
  /** Of an interface or union. */
  possible: string[];
  fields: DocField[];
  values: DocField[];
}

export interface DocField {
  name: string;
  description?: string;
  type?: string;
  typeName?: string;
  args: { name: string; type: string; typeName: string; description?: string; fallback?: string }[];
  deprecated?: string;
  servedBy: string[];
  visibleTo?: string;
  /** `cost 20`, `about 20`. */
  marks: string[];
  usedBy: string[];
}

export interface DocOperation extends OperationCost {
  text: string;
}

export function docModel(
  snapshot: Snapshot,
  composed: Composed,
  rules: RuleSettings,
  title: string,
): DocModel {
  const { apiSchema, view } = composed;
  const ownerOf = ownersIn(graphOf(snapshot.documents), rules.owners);
  const usedBy = usesIn(snapshot, composed);
  const owners = new Map<string, DocType[]>([...view.subgraphs.keys()].map((name) => [name, []]));
  const [roots, shared]: [DocType[], DocType[]] = [[], []];
  const isRoot = ({ name }: GraphQLNamedType) =>
    [apiSchema.getQueryType(), apiSchema.getMutationType(), apiSchema.getSubscriptionType()].some(
      (root) => root?.name === name,
    );
  for (const type of Object.values(apiSchema.getTypeMap())) {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
    const having = [...(view.types.get(type.name)?.subgraphs.keys() ?? [])];
    const isEntity = [...(view.types.get(type.name)?.subgraphs.values() ?? [])].some(
      ({ keys }) => keys.length > 0,
    );
    const owner = having.length === 1 ? having[0] : isEntity ? ownerOf(type.name) : undefined;
    const doc = docType(
      type,
      having.filter((name) => name !== owner),
      composed,
      usedBy,
    );
    if (isRoot(type)) roots.push(doc);
    else (owners.get(owner ?? '') ?? shared).push(doc);
  }
  return {
    title,
    owners: [...owners].map(([name, types]) => ({ name, types: types.sort(byWeight) })).sort(byName),
    roots,
    shared: shared.sort(byWeight),
    clients: clientsOf(snapshot),
  };
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

/** What people look for first; errors, inputs and what only wraps others come last. */
function byWeight(a: DocType, b: DocType): number {
  const rank = ({ kind, keys, name }: DocType) => {
    if (keys.length > 0) return 0;
    if (kind === 'input') return 4;
    if (/(Payload|Connection|Edge|Error)$/.test(name)) return 3;
    return ['type', 'interface', 'union'].includes(kind) ? 1 : 2;
  };
  return rank(a) - rank(b) || byName(a, b);
}

type UsedBy = (coordinate: string) => string[];

function usesIn({ repository }: Snapshot, { apiSchema }: Composed): UsedBy {
  const { touches } = impactOn(repository.operations, apiSchema, apiSchema, repository.usage);
  return (coordinate) => [
    ...new Set(touches.fields(coordinate).map(({ operation }) => operationKey(operation))),
  ];
}

function docType(
  type: GraphQLNamedType,
  others: string[],
  { view, apiSchema }: Composed,
  usedBy: UsedBy,
): DocType {
  const seen = view.types.get(type.name);
  const own = seen ? requirementOf(seen) : EVERYBODY;
  const common = {
    ...described(type.description),
    ...(!isOpen(own) && { visibleTo: tell(own) }),
    name: type.name,
    others,
    keys: [
      ...new Set(
        [...(seen?.subgraphs.values() ?? [])].flatMap(({ keys }) => keys.map(({ fields }) => fields)),
      ),
    ],
    implementsTypes:
      isObjectType(type) || isInterfaceType(type) ? type.getInterfaces().map(({ name }) => name) : [],
    possible:
      isInterfaceType(type) || isUnionType(type)
        ? apiSchema.getPossibleTypes(type).map(({ name }) => name)
        : [],
    fields: [],
    values: [],
  };
  if (isEnumType(type)) {
    const values = type.getValues().map(({ name, description, deprecationReason }) => ({
      ...described(description),
      ...(deprecationReason != null && { deprecated: deprecationReason }),
      name,
      args: [],
      servedBy: [],
      marks: [],
      usedBy: [],
    }));
    return { ...common, kind: 'enum', values };
  }
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) {
    return { ...common, kind: isUnionType(type) ? 'union' : 'scalar' };
  }
  const fields = Object.values(type.getFields()).map((field): DocField => {
    const at = seen?.fields.get(field.name);
    const needed = at ? both(own, requirementOf(at)) : own;
    return {
      ...described(field.description),
      ...(field.deprecationReason != null && { deprecated: field.deprecationReason }),
      ...(!isOpen(needed) && { visibleTo: tell(needed) }),
      name: field.name,
      type: String(field.type),
      typeName: namedIn(field.type),
      args: 'args' in field ? field.args.map(docArgument) : [],
      servedBy: at && (seen?.subgraphs.size ?? 0) > 1 ? [...at.servedBy.keys()] : [],
      marks: marksOf(at),
      usedBy: isInputObjectType(type) ? [] : usedBy(`${type.name}.${field.name}`),
    };
  });
  const kind = isInputObjectType(type) ? 'input' : isInterfaceType(type) ? 'interface' : 'type';
  return { ...common, kind, fields };
}

function docArgument({ name, type, description, defaultValue }: GraphQLArgument): DocField['args'][number] {
  return {
    name,
    type: String(type),
    typeName: namedIn(type),
    ...described(description),
    ...(defaultValue !== undefined && { fallback: JSON.stringify(defaultValue) }),
  };
}

function marksOf(field: FieldView | undefined): string[] {
  if (!field) return [];
  const weight = directiveOf(field, 'cost')?.args.weight;
  const size = directiveOf(field, 'listSize')?.args.assumedSize;
  const tags = field.directives.filter(({ name }) => name === 'tag').map(({ args }) => `#${args.name}`);
  return [
    ...(weight === undefined ? [] : [`costs ${weight}`]),
    ...(size === undefined ? [] : [`about ${size}`]),
    ...tags,
  ];
}

function clientsOf(snapshot: Snapshot): DocModel['clients'] {
  const texts = new Map(
    snapshot.repository.operations.map((one: Operation) => [operationKey(one), one.source]),
  );
  const clients = new Map<string, DocOperation[]>();
  for (const cost of costsOf(snapshot, snapshot)) {
    const operation = { ...cost, text: texts.get(operationKey(cost)) ?? '' };
    clients.set(cost.client, [...(clients.get(cost.client) ?? []), operation]);
  }
  return [...clients]
    .map(([name, operations]) => ({ name, operations: operations.sort(byName) }))
    .sort(byName);
}

const namedIn = (type: { toString(): string }): string => String(type).replace(/[[\]!]/g, '');

const described = (description: string | null | undefined) => (description ? { description } : {});
