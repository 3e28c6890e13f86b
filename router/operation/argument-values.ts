/** Values of a field's arguments, as far as they are known before its variables are. */
import { type FieldNode, type GraphQLArgument, Kind, type ValueNode, valueFromAST } from 'graphql';
import type { ListSize } from '../supergraph/weights.ts';

export type Variables = Readonly<Record<string, unknown>>;
export type Valued<Value> = (variables: Variables) => Value;

/** Numbers that say how long a list will be, and how many of them the client gave: the others are defaults. */
export interface Slices {
  sizes: readonly number[];
  given: number;
}

export function argumentOf(node: FieldNode, { name, type, defaultValue }: GraphQLArgument): Valued<unknown> {
  const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
  if (!given) return () => defaultValue;
  if (given.kind === Kind.VARIABLE) {
    const variable = given.name.value;
    return (variables) => (Object.hasOwn(variables, variable) ? variables[variable] : defaultValue);
  }
  if (hasVariable(given)) return (variables) => valueFromAST(given, type, variables);
  const value = valueFromAST(given, type);
  return () => value;
}

function hasVariable(node: ValueNode): boolean {
  if (node.kind === Kind.LIST) return node.values.some(hasVariable);
  if (node.kind === Kind.OBJECT) return node.fields.some(({ value }) => hasVariable(value));
  return node.kind === Kind.VARIABLE;
}

export function slicesOf(
  node: FieldNode,
  listSize: ListSize | undefined,
  values: ReadonlyMap<string, Valued<unknown>>,
): Valued<Slices> {
  const paths = (listSize?.slicingArguments ?? []).map((path) => path.split('.'));
  if (paths.length === 0) return () => NO_SLICES;
  const named = new Set((node.arguments ?? []).map(({ name }) => name.value));
  return (variables) => {
    const sizes: number[] = [];
    let given = 0;
    for (const [argument, ...inside] of paths) {
      const value = inside.reduce<unknown>(
        (outer, name) => (outer as Record<string, unknown> | null | undefined)?.[name],
        values.get(argument!)?.(variables),
      );
      if (typeof value !== 'number') continue;
      sizes.push(value);
      if (named.has(argument!)) given++;
    }
    return { sizes, given };
  };
}

const NO_SLICES: Slices = { sizes: [], given: 0 };
