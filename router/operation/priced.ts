/** An operation as costs see it: each field with its weight, its size and its arguments. Compiled once, see cost.ts. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLInputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { ListSize, Weights } from '../supergraph/weights.ts';
import { argumentOf, type Slices, slicesOf, type Valued, type Variables } from './argument-values.ts';

/** Whether a selection is there at all. */
export type Condition = (variables: Variables) => boolean;

/** One response key of an object; several selections of it are merged, as in the answer. */
export interface PricedField {
  key: string;
  asked: readonly AskedField[];
  below: readonly PricedField[];
}

/** One way in which it is asked for: under another type, or another condition. */
export interface AskedField {
  name: string;
  conditions: readonly Condition[];
  /** Of each value that it gives. */
  weight: number;
  /** Levels of lists round the value. */
  lists: number;
  listSize?: ListSize;
  /** What its arguments cost each time that it is called. */
  argumentsCost: Valued<number>;
  slices: Valued<Slices>;
}

export interface PricedInput {
  schema: GraphQLSchema;
  weights: Weights;
  document: DocumentNode;
  definition: OperationDefinitionNode;
}

interface Asked {
  node: FieldNode;
  type: GraphQLCompositeType;
  conditions: readonly Condition[];
}

interface ReadSet {
  set: SelectionSetNode;
  type: GraphQLCompositeType;
  conditions: readonly Condition[];
}

/** What an object costs, and a leaf does not, where nothing is said. */
const DEFAULT_OBJECT = 1;

export function priceFields({ schema, weights, document, definition }: PricedInput): PricedField[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const type = schema.getRootType(definition.operation)!;
  return priceSets([{ set: definition.selectionSet, type, conditions: [] }]);

  function priceSets(sets: readonly ReadSet[]): PricedField[] {
    const byKey = new Map<string, Asked[]>();
    for (const { set, type: read, conditions } of sets) collect(set, read, conditions, byKey);
    return [...byKey].flatMap(([key, all]) => {
      const known = all.flatMap((asked) => {
        const field = fieldOf(asked.type, asked.node.name.value);
        return field ? [{ asked, field }] : [];
      });
      // Introspection and __typename cost nothing: the schema is bounded, and so is how deep it may be asked for.
      if (known.length === 0) return [];
      const below = known.flatMap(({ asked: { node, conditions }, field }): ReadSet[] => {
        const result = getNamedType(field.type);
        return node.selectionSet && isCompositeType(result)
          ? [{ set: node.selectionSet, type: result, conditions }]
          : [];
      });
      return [
        { key, asked: known.map(({ asked, field }) => priceField(asked, field)), below: priceSets(below) },
      ];
    });
  }

  function collect(
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    conditions: readonly Condition[],
    byKey: Map<string, Asked[]>,
  ): void {
    for (const node of set.selections) {
      const all = [...conditions, ...conditionsOf(node)];
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        const asked = byKey.get(key) ?? [];
        asked.push({ node, type, conditions: all });
        byKey.set(key, asked);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        collect(
          node.selectionSet,
          node.typeCondition ? typeOf(node.typeCondition.name.value) : type,
          all,
          byKey,
        );
      } else {
        const fragment = fragments.get(node.name.value)!;
        collect(fragment.selectionSet, typeOf(fragment.typeCondition.name.value), all, byKey);
      }
    }
  }

  function priceField({ node, type, conditions }: Asked, field: GraphQLField<unknown, unknown>): AskedField {
    // Behind an interface stands one of its types, so that the dearest of them counts.
    const owners = [
      type.name,
      ...(isAbstractType(type) ? schema.getPossibleTypes(type) : []).map(({ name }) => name),
    ];
    const coordinates = owners.map((owner) => `${owner}.${field.name}`);
    const result = getNamedType(field.type);
    const results = [result, ...(isAbstractType(result) ? schema.getPossibleTypes(result) : [])];
    const inGeneral = isCompositeType(result) ? DEFAULT_OBJECT : 0;
    const ofField = coordinates.flatMap((coordinate) => weights.costs.get(coordinate) ?? []);
    const ofTypes = results.map(({ name }) => weights.costs.get(name) ?? inGeneral);
    const listSize = coordinates.flatMap((coordinate) => weights.listSizes.get(coordinate) ?? [])[0];
    const values = new Map(field.args.map((argument) => [argument.name, argumentOf(node, argument)]));
    return {
      name: field.name,
      conditions,
      weight: Math.max(...(ofField.length > 0 ? ofField : ofTypes)),
      lists: listsIn(field.type),
      ...(listSize ? { listSize } : {}),
      argumentsCost: costOfArguments(field, coordinates, values),
      slices: slicesOf(node, listSize, values),
    };
  }

  function costOfArguments(
    field: GraphQLField<unknown, unknown>,
    coordinates: readonly string[],
    values: ReadonlyMap<string, Valued<unknown>>,
  ): Valued<number> {
    const costly = field.args.flatMap(({ name, type }) => {
      const own = coordinates.flatMap((coordinate) => weights.costs.get(`${coordinate}(${name}:)`) ?? []);
      const weight = own.length > 0 ? Math.max(...own) : undefined;
      if (weight === undefined && weightOfInput(type) === 0) return [];
      return [{ value: values.get(name)!, type, weight }];
    });
    if (costly.length === 0) return () => 0;
    return (variables) =>
      costly.reduce((sum, { value, type, weight }) => sum + costOfValue(value(variables), type, weight), 0);
  }

  /** An argument or an input field, with all that it holds. */
  function costOfValue(value: unknown, type: GraphQLInputType, weight = weightOfInput(type)): number {
    if (value === undefined || value === null) return 0;
    if (Array.isArray(value)) {
      const nullable = getNullableType(type);
      const items = isListType(nullable) ? nullable.ofType : type;
      return value.reduce<number>((sum, item) => sum + costOfValue(item, items, weight), 0);
    }
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return weight;
    const fields = named.getFields();
    return Object.entries(value).reduce((sum, [name, inner]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return field ? sum + costOfValue(inner, field.type, weights.costs.get(`${named.name}.${name}`)) : sum;
    }, weight);
  }

  function weightOfInput(type: GraphQLInputType): number {
    const named = getNamedType(type);
    return weights.costs.get(named.name) ?? (isInputObjectType(named) ? DEFAULT_OBJECT : 0);
  }

  function typeOf(name: string): GraphQLCompositeType {
    return schema.getType(name) as GraphQLCompositeType;
  }
}

function fieldOf(type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isUnionType(type) ? undefined : type.getFields()[name];
}

function listsIn(type: unknown): number {
  const nullable = getNullableType(type as GraphQLInputType);
  return isListType(nullable) ? 1 + listsIn(nullable.ofType) : 0;
}

/** `@skip` and `@include`, where they hang on variables; one that never holds is as good as one that does. */
function conditionsOf(node: SelectionNode): Condition[] {
  const given = node.directives ?? [];
  return [GraphQLSkipDirective, GraphQLIncludeDirective].flatMap((directive) => {
    if (!given.some(({ name }) => name.value === directive.name)) return [];
    const wanted = directive === GraphQLIncludeDirective;
    return [(variables: Variables) => getDirectiveValues(directive, node, variables)?.if === wanted];
  });
}
