/**
 * What an operation costs by `@cost` and `@listSize`, before it is run: every object counts one, and whatever a list may
 * hold counts as often as the list is long. See https://ibm.github.io/graphql-specs/cost-spec.html.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { directiveOf, type FieldView, type SupergraphView, type TypeView } from '../supergraph.ts';

type Values = Readonly<Record<string, unknown>>;

/** Of a list whose length nobody tells. */
const UNKNOWN_SIZE = 10;
/** What routers take for a change. */
const MUTATION = 10;

interface Context {
  view: SupergraphView;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Values;
  members: ReadonlyMap<string, readonly string[]>;
}

/** Figures of what is not told in the variables are taken from the operation's defaults, then from `assumedSize`. */
export function estimateCost(document: DocumentNode, view: SupergraphView, variables: Values): number {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!;
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const context: Context = {
    view,
    fragments: new Map(fragments.map((node) => [node.name.value, node])),
    variables: { ...defaultsOf(operation), ...variables },
    members: membersOf(view),
  };
  const root = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' }[operation.operation];
  const own = operation.operation === 'mutation' ? MUTATION : 0;
  return own + costOfType([operation.selectionSet], root, context, {});
}

/**
 * One object with what is selected of it; of several that it may be, the dearest.
 * `sizes`: what the field says of how long the lists below are. `own`: what it says of itself.
 */
function costOfObject(
  sets: readonly SelectionSetNode[],
  typeName: string,
  context: Context,
  sizes: Values,
  own: number | undefined,
): number {
  const possible = context.members.get(typeName) ?? [typeName];
  const costs = possible.map((name) => {
    const weight = own ?? weightOf(context.view.types.get(name)) ?? 1;
    return weight + costOfType(sets, name, context, sizes);
  });
  return Math.max(0, ...costs);
}

function costOfType(
  sets: readonly SelectionSetNode[],
  typeName: string,
  context: Context,
  sizes: Values,
): number {
  const type = context.view.types.get(typeName);
  let cost = 0;
  for (const nodes of collect(sets, typeName, context, new Map()).values())
    cost += costOfField(nodes, type?.fields.get(nodes[0]!.name.value), context, sizes);
  return cost;
}

function costOfField(
  nodes: readonly FieldNode[],
  field: FieldView | undefined,
  context: Context,
  sizes: Values,
): number {
  if (!field) return 0;
  const [node] = nodes as [FieldNode];
  const type = context.view.types.get(field.typeName);
  const size = sizeOf(node, field, context);
  const sized = directiveOf(field, 'listSize')?.args.sizedFields;
  const below = Array.isArray(sized)
    ? Object.fromEntries(sized.map((name) => [String(name).split('.')[0], size]))
    : {};
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const own = weightOf(field);
  const leaf = own ?? weightOf(type) ?? 0;
  const each = sets.length === 0 ? leaf : costOfObject(sets, field.typeName, context, below, own);
  const times = field.isList ? Number(sizes[field.name] ?? size) : 1;
  return times * each + costOfArguments(node, field, context);
}

function weightOf(element: Pick<FieldView | TypeView, 'directives'> | undefined): number | undefined {
  const weight = element && directiveOf(element, 'cost')?.args.weight;
  return weight === undefined ? undefined : Number(weight);
}

function costOfArguments(node: FieldNode, field: FieldView, { view, variables }: Context): number {
  let cost = 0;
  for (const { name, value } of node.arguments ?? []) {
    const argument = field.args.get(name.value);
    if (!argument) continue;
    cost += weightOf(argument) ?? 0;
    cost += costOfInput(valueIn(value, variables), argument.type.replace(/[[\]!]/g, ''), view);
  }
  return cost;
}

function costOfInput(value: unknown, typeName: string, view: SupergraphView): number {
  if (Array.isArray(value)) return value.reduce((sum, one) => sum + costOfInput(one, typeName, view), 0);
  const type = view.types.get(typeName);
  if (typeof value !== 'object' || value === null || !type) return 0;
  return Object.entries(value).reduce((sum, [name, one]) => {
    const field = type.fields.get(name);
    return field ? sum + (weightOf(field) ?? 0) + costOfInput(one, field.typeName, view) : sum;
  }, 0);
}

/** How long the list is that the field, or those that it sizes, answer. */
function sizeOf(node: FieldNode, field: FieldView, { variables }: Context): number {
  const size = directiveOf(field, 'listSize');
  const slicing = size?.args.slicingArguments;
  const given = (Array.isArray(slicing) ? slicing : []).flatMap((path) => {
    const [name, ...inside] = String(path).split('.');
    const argument = node.arguments?.find((one) => one.name.value === name);
    let value = argument && valueIn(argument.value, variables);
    value ??= field.args.get(name!)?.byDefault;
    for (const part of inside) value = (value as Record<string, unknown> | null | undefined)?.[part];
    return typeof value === 'number' ? [value] : [];
  });
  if (given.length > 0) return Math.max(...given);
  const assumed = size?.args.assumedSize;
  return typeof assumed === 'number' ? assumed : UNKNOWN_SIZE;
}

const valueIn = (node: ValueNode, variables: Values): unknown => valueFromASTUntyped(node, variables);

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Values {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
}

/** Selections on one type, those of one answer together, as they will be run. */
function collect(
  sets: readonly SelectionSetNode[],
  typeName: string,
  context: Context,
  into: Map<string, FieldNode[]>,
): Map<string, FieldNode[]> {
  for (const { selections } of sets) {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        into.set(key, [...(into.get(key) ?? []), node]);
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? context.fragments.get(node.name.value) : node;
      const condition = fragment?.typeCondition?.name.value ?? typeName;
      const applies = condition === typeName || context.members.get(condition)?.includes(typeName);
      if (fragment && applies) collect([fragment.selectionSet], typeName, context, into);
    }
  }
  return into;
}

const known = new WeakMap<SupergraphView, Map<string, string[]>>();

/** Object types that an interface or union may turn out to be. */
function membersOf(view: SupergraphView): Map<string, string[]> {
  const found = known.get(view) ?? new Map<string, string[]>();
  if (known.has(view)) return found;
  known.set(view, found);
  for (const type of view.types.values()) {
    if (type.members.length > 0) found.set(type.name, [...type.members]);
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const name of type.interfaces) found.set(name, [...(found.get(name) ?? []), type.name]);
  }
  return found;
}
