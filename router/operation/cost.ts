/**
 * What an operation costs, by `@cost` and `@listSize` as Apollo Federation has them: an object 1, a leaf nothing, a
 * mutation 10, all in a list as often as the list is long. Estimated before it runs, with its variables; counted
 * afterwards from its answer.
 */
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Weights } from '../supergraph/weights.ts';
import type { Variables } from './argument-values.ts';
import { type AskedField, type PricedField, priceFields } from './priced.ts';

export interface PricingOptions {
  schema: GraphQLSchema;
  weights: Weights;
  /** How long a list is that nothing is said of. */
  listSize: number;
}

/** How many values other than null stand at each place of an answer, by response keys with dots between them. */
export type ValueCounts = ReadonlyMap<string, number>;

export type Estimate = { ok: true; cost: number } | { ok: false; message: string };

export interface Pricing {
  /** `variables` as coerced, with their defaults. */
  estimate(priced: Priced, variables: Variables): Estimate;
  /** What the answer did cost. */
  actual(priced: Priced, variables: Variables, counts: ValueCounts): number;
}

export interface Priced {
  document: DocumentNode;
  definition: OperationDefinitionNode;
}

const MUTATION = 10;

export function createPricing({ schema, weights, listSize: unsaid }: PricingOptions): Pricing {
  const known = new WeakMap<OperationDefinitionNode, PricedField[]>();
  const fieldsOf = ({ document, definition }: Priced): PricedField[] => {
    let fields = known.get(definition);
    if (!fields) {
      fields = priceFields({ schema, weights, document, definition });
      known.set(definition, fields);
    }
    return fields;
  };
  const base = ({ definition }: Priced) => (definition.operation === 'mutation' ? MUTATION : 0);

  return {
    estimate: (priced, variables) => {
      const estimate = estimateOf(fieldsOf(priced), variables, unsaid);
      return estimate.ok ? { ok: true, cost: base(priced) + estimate.cost } : estimate;
    },
    actual: (priced, variables, counts) => base(priced) + counted(fieldsOf(priced), variables, counts, '', 1),
  };
}

/** Fields of one object that the field above it has sized. */
interface Sized {
  fields: readonly string[];
  size: number;
}

/** Where a field is asked for in several ways, the dearest counts: all of them give one value. */
function estimateOf(fields: readonly PricedField[], variables: Variables, unsaid: number): Estimate {
  /** The first field that is asked for as it may not be. */
  let fault: string | undefined;
  const cost = sum(fields, undefined);
  return fault === undefined ? { ok: true, cost } : { ok: false, message: fault };

  function sum(some: readonly PricedField[], sized: Sized | undefined): number {
    let total = 0;
    for (const field of some) total += costOf(field, sized);
    return total;
  }

  function costOf({ asked, below }: PricedField, sized: Sized | undefined): number {
    let [count, weight, inArguments, isAsked] = [0, 0, 0, false];
    let sizes: Sized | undefined;
    for (const one of asked) {
      if (!isIncluded(one, variables)) continue;
      isAsked = true;
      const size = sizeOf(one);
      const sizesBelow = size !== undefined && one.listSize!.sizedFields.length > 0;
      if (sizesBelow && (sizes === undefined || size > sizes.size)) {
        sizes = { fields: one.listSize!.sizedFields, size };
      }
      const own = sized?.fields.includes(one.name) ? sized.size : sizesBelow ? undefined : size;
      const length = one.lists === 0 ? 1 : (own ?? unsaid) * unsaid ** (one.lists - 1);
      count = Math.max(count, length);
      weight = Math.max(weight, one.weight);
      inArguments = Math.max(inArguments, one.argumentsCost(variables));
    }
    return isAsked ? inArguments + count * (weight + sum(below, sizes)) : 0;
  }

  function sizeOf({ name, listSize, slices }: AskedField): number | undefined {
    if (!listSize) return undefined;
    const { sizes, given } = slices(variables);
    const { slicingArguments, requireOneSlicingArgument, assumedSize } = listSize;
    // A default is as good as a given one, as long as it is the only one.
    const said = given > 0 ? given : sizes.length;
    if (requireOneSlicingArgument && slicingArguments.length > 0 && said !== 1) {
      fault ??= `The field ${name} needs exactly one of the arguments ${slicingArguments.join(', ')}`;
    }
    return sizes.length > 0 ? Math.max(0, ...sizes) : (assumedSize ?? unsaid);
  }
}

function isIncluded({ conditions }: AskedField, variables: Variables): boolean {
  return conditions.every((holds) => holds(variables));
}

function counted(
  fields: readonly PricedField[],
  variables: Variables,
  counts: ValueCounts,
  place: string,
  objects: number,
): number {
  let sum = 0;
  for (const { key, asked, below } of fields) {
    const included = asked.filter((one) => isIncluded(one, variables));
    if (included.length === 0) continue;
    const path = place === '' ? key : `${place}.${key}`;
    const values = counts.get(path) ?? 0;
    const weight = Math.max(...included.map((one) => one.weight));
    const inArguments = Math.max(...included.map((one) => one.argumentsCost(variables)));
    sum += objects * inArguments + values * weight + counted(below, variables, counts, path, values);
  }
  return sum;
}

/** For answers that are objects; whatever renders an answer by itself can count on its way. */
export function countValues(data: unknown): Map<string, number> {
  const counts = new Map<string, number>();
  const walk = (value: unknown, path: string): void => {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) {
      for (const item of value) walk(item, path);
      return;
    }
    if (path !== '') counts.set(path, (counts.get(path) ?? 0) + 1);
    if (typeof value !== 'object') return;
    for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
  };
  walk(data, '');
  return counts;
}
