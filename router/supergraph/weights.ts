/** What fields, types and arguments cost (`@cost`) and how long lists are (`@listSize`), read out of a supergraph. */
import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  Kind,
  valueFromASTUntyped,
} from 'graphql';
import { featuresOf, mainDirectiveOf } from './features.ts';

export interface ListSize {
  assumedSize?: number;
  /** Arguments that say how long the list will be: `first`, or `input.first`. */
  slicingArguments: readonly string[];
  /** Fields of the answer that are that long; the field's own list when empty. */
  sizedFields: readonly string[];
  requireOneSlicingArgument: boolean;
}

export interface Weights {
  /** By coordinate: `User`, `Query.users`, `Query.users(first:)`, `UserFilter.name`. */
  costs: ReadonlyMap<string, number>;
  /** By coordinate of the field. */
  listSizes: ReadonlyMap<string, ListSize>;
}

const COST = 'https://specs.apollo.dev/cost';

interface Described {
  kind: string;
  name: { value: string };
  directives?: readonly ConstDirectiveNode[];
  fields?: readonly Described[];
  arguments?: readonly Described[];
}

export function readWeights(supergraph: DocumentNode): Weights {
  const features = featuresOf(supergraph).filter(({ identity }) => identity === COST);
  const costNames = features.map(mainDirectiveOf);
  const sizeNames = features.map(({ imports, namespace }) =>
    (imports.get('@listSize') ?? `@${namespace}__listSize`).slice(1),
  );
  const costs = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();

  const read = (coordinate: string, { directives = [] }: Described): void => {
    const cost = directives.find(({ name }) => costNames.includes(name.value));
    if (cost) costs.set(coordinate, weightIn(cost, coordinate));
    const size = directives.find(({ name }) => sizeNames.includes(name.value));
    if (size) listSizes.set(coordinate, listSizeIn(size));
  };
  for (const definition of supergraph.definitions as readonly Described[]) {
    if (!TYPES.includes(definition.kind)) continue;
    const type = definition.name.value;
    read(type, definition);
    for (const field of definition.fields ?? []) {
      const coordinate = `${type}.${field.name.value}`;
      read(coordinate, field);
      for (const argument of field.arguments ?? []) read(`${coordinate}(${argument.name.value}:)`, argument);
    }
  }
  return { costs, listSizes };
}

const TYPES: readonly string[] = [
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
];

/** A whole number in Apollo's specification, a text with a number in IBM's. */
function weightIn(directive: ConstDirectiveNode, coordinate: string): number {
  const weight = Number(plain(directive, 'weight'));
  if (!Number.isFinite(weight))
    throw new Error(`the weight of @${directive.name.value} on ${coordinate} is no number`);
  return weight;
}

function listSizeIn(directive: ConstDirectiveNode): ListSize {
  const assumed = plain(directive, 'assumedSize');
  return {
    ...(typeof assumed === 'number' ? { assumedSize: assumed } : {}),
    slicingArguments: textsOf(plain(directive, 'slicingArguments')),
    sizedFields: textsOf(plain(directive, 'sizedFields')),
    requireOneSlicingArgument: plain(directive, 'requireOneSlicingArgument') !== false,
  };
}

function plain(directive: ConstDirectiveNode, name: string): unknown {
  const value: ConstValueNode | undefined = directive.arguments?.find(
    (candidate) => candidate.name.value === name,
  )?.value;
  return value && valueFromASTUntyped(value);
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : value == null ? [] : [value]).map(String);
}
