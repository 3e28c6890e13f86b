/**
 * Gives every meaning of a response name a name of its own. `... on X { a { size(in: CM) } } ... on Y { a { size(in: INCH) } }`
 * is valid, since no object is both; but planners ask for `a` of both at once. Neither survives that: Apollo's asks for one of the
 * two, and the native one takes the process down. Here a response name at one path, type conditions set aside, has one meaning: the
 * first keeps the name.
 */
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
  type ValueNode,
} from 'graphql';

/** What a field is called on its way, if it is the n-th thing that is called so there. */
export type NameOf = (field: FieldNode, nth: number) => string;

interface Meaning {
  name: string;
  /** As they were first written: the native planner takes the same object, its fields in another order, for another one. */
  args: readonly ArgumentNode[];
}

/** All that is selected at one path. */
interface Place {
  /** By response name, then by what it means. */
  meanings: Map<string, Map<string, Meaning>>;
  /** By the name on its way. */
  below: Map<string, Place>;
  /** A fragment has as many variants as there are places where it is spread. */
  variants: Map<string, FragmentDefinitionNode>;
}

/** Nothing where no name means two things: then the document is as good as it is. */
export function withOneMeaningEach(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  nameOf: NameOf,
): { document: DocumentNode; definition: OperationDefinitionNode } | undefined {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const fragmentNamed = new Map(fragments.map((node) => [node.name.value, node]));
  const variants: FragmentDefinitionNode[] = [];
  let isNeeded = false;

  const definition = { ...operation, selectionSet: selections(operation.selectionSet, newPlace()) };
  if (!isNeeded) return undefined;
  const ofIntrospection = fragments.filter(({ typeCondition }) => typeCondition.name.value.startsWith('__'));
  const definitions = [definition, ...variants, ...ofIntrospection];
  return { document: { kind: Kind.DOCUMENT, definitions }, definition };

  function selections(set: SelectionSetNode, place: Place): SelectionSetNode {
    return { ...set, selections: set.selections.map((node) => selection(node, place)) };
  }

  function selection(node: SelectionNode, place: Place): SelectionNode {
    if (node.kind === Kind.FIELD) return field(node, place);
    if (node.kind === Kind.FRAGMENT_SPREAD) return { ...node, name: variant(node.name.value, place).name };
    return { ...node, selectionSet: selections(node.selectionSet, place) };
  }

  function variant(name: string, place: Place): FragmentDefinitionNode {
    const known = place.variants.get(name);
    if (known) return known;
    const fragment = fragmentNamed.get(name)!;
    const made = {
      ...fragment,
      name: { kind: Kind.NAME, value: `${name}_${variants.length}` } as const,
      selectionSet: { ...fragment.selectionSet },
    };
    variants.push(made);
    place.variants.set(name, made);
    made.selectionSet = selections(fragment.selectionSet, place);
    return made;
  }

  function field(node: FieldNode, place: Place): FieldNode {
    if (isOfIntrospection(node)) return node;
    const { name, args } = meaningOf(node, place);
    return {
      ...node,
      ...(name === responseName(node) ? {} : { alias: { kind: Kind.NAME, value: name } }),
      arguments: args,
      ...(node.selectionSet ? { selectionSet: selections(node.selectionSet, placeBelow(place, name)) } : {}),
    };
  }

  function meaningOf(node: FieldNode, { meanings }: Place): Meaning {
    const { arguments: args = [] } = node;
    const key = responseName(node);
    const named = meanings.get(key) ?? new Map<string, Meaning>();
    meanings.set(key, named);
    const text = `${node.name.value} ${textOf(args)}`;
    let meaning = named.get(text);
    if (!meaning) {
      meaning = { name: nameOf(node, named.size + 1), args };
      named.set(text, meaning);
      isNeeded ||= named.size > 1;
    } else {
      isNeeded ||= written(meaning.args) !== written(args);
    }
    return meaning;
  }
}

/** Which the router answers itself. */
export function isOfIntrospection({ name: { value } }: FieldNode): boolean {
  return value.startsWith('__') && value !== TypeNameMetaFieldDef.name;
}

export function responseName({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

function newPlace(): Place {
  return { meanings: new Map(), below: new Map(), variants: new Map() };
}

function placeBelow({ below }: Place, name: string): Place {
  const known = below.get(name) ?? newPlace();
  below.set(name, known);
  return known;
}

function written(args: readonly ArgumentNode[]): string {
  return args.map((argument) => print(argument)).join();
}

/** The same for all that validation takes for the same. */
function textOf(args: readonly ArgumentNode[]): string {
  return args
    .map(({ name, value }) => `${name.value}:${textOfValue(value)}`)
    .sort()
    .join();
}

function textOfValue(value: ValueNode): string {
  if (value.kind === Kind.LIST) return `[${value.values.map(textOfValue).join()}]`;
  if (value.kind === Kind.OBJECT) {
    const fields = value.fields.map(({ name, value: inner }) => `${name.value}:${textOfValue(inner)}`);
    return `{${fields.sort().join()}}`;
  }
  return value.kind === Kind.STRING ? JSON.stringify(value.value) : print(value);
}
