/** Where registered operations touch a schema: fields, arguments, inputs, values, fragments, directives. */
import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
  type ObjectValueNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Operation } from '../repository.ts';

export interface Touch {
  operation: Operation;
  node: ASTNode;
}

/** Of a fragment: what it stands in. */
export interface FragmentTouch extends Touch {
  parent: string;
}

export interface FieldTouch extends Touch {
  node: FieldNode;
}

export interface Touches {
  /** Selections of `Type.field`, by the type that they are selected on. */
  fields: Lookup<FieldTouch>;
  /** Fields by the named type that they return. */
  returning: Lookup<FieldTouch>;
  /** Arguments that are given: `Type.field(argument:)`. */
  args: Lookup<Touch>;
  /** Fragments by their type condition. */
  fragments: Lookup<FragmentTouch>;
  /** Input objects that are written out, by type. */
  objects: Lookup<Touch & { node: ObjectValueNode }>;
  /** Fields of those, and enum values that are written out: `Input.field`, `Enum.VALUE`. */
  literals: Lookup<Touch>;
  /** Variables by every input type or enum that their value may hold. */
  variables: Lookup<Touch>;
  directives: Lookup<Touch>;
  /** Whole operations by root type. */
  roots: Lookup<Touch>;
}

export type Lookup<T> = (name: string) => readonly T[];

export function touchesOf(operations: readonly Operation[], schema: GraphQLSchema): Touches {
  const kinds = {
    fields: new Index<FieldTouch>(),
    returning: new Index<FieldTouch>(),
    args: new Index<Touch>(),
    fragments: new Index<FragmentTouch>(),
    objects: new Index<Touch & { node: ObjectValueNode }>(),
    literals: new Index<Touch>(),
    variables: new Index<Touch>(),
    directives: new Index<Touch>(),
    roots: new Index<Touch>(),
  };
  const holds = inputTypesIn();
  for (const operation of operations) {
    const info = new TypeInfo(schema);
    const touch = <N extends ASTNode>(node: N) => ({ operation, node });
    visit(
      operation.document,
      visitWithTypeInfo(info, {
        OperationDefinition: (node) => {
          const root = schema.getRootType(node.operation);
          if (root) kinds.roots.add(root.name, touch(node));
        },
        Field: (node) => {
          const parent = info.getParentType()?.name;
          const type = info.getType();
          if (parent) kinds.fields.add(`${parent}.${node.name.value}`, touch(node));
          if (type) kinds.returning.add(getNamedType(type).name, touch(node));
        },
        InlineFragment: (node) => {
          const type = info.getType();
          const parent = info.getParentType()?.name ?? '';
          if (type && node.typeCondition)
            kinds.fragments.add(getNamedType(type).name, { ...touch(node), parent });
        },
        FragmentSpread: (node) => {
          const condition = conditionOf(operation.document, node.name.value);
          const parent = info.getParentType()?.name ?? '';
          if (condition) kinds.fragments.add(condition, { ...touch(node), parent });
        },
        Argument: (node) => {
          const [parent, field] = [info.getParentType(), info.getFieldDef()];
          if (parent && field && !info.getDirective())
            kinds.args.add(`${parent.name}.${field.name}(${node.name.value}:)`, touch(node));
        },
        ObjectValue: (node) => {
          const type = namedInput(info.getInputType());
          if (type) kinds.objects.add(type, touch(node));
        },
        ObjectField: (node) => {
          const type = namedInput(info.getParentInputType());
          if (type) kinds.literals.add(`${type}.${node.name.value}`, touch(node));
        },
        EnumValue: (node) => {
          const type = namedInput(info.getInputType());
          if (type) kinds.literals.add(`${type}.${node.value}`, touch(node));
        },
        VariableDefinition: (node) => {
          const type = typeFromAST(schema, node.type as Parameters<typeof typeFromAST>[1]);
          if (!type) return;
          for (const name of holds(type as GraphQLInputType)) kinds.variables.add(name, touch(node));
        },
        Directive: (node) => kinds.directives.add(node.name.value, touch(node)),
      }),
    );
  }
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, index]) => [kind, (name: string) => index.get(name)]),
  ) as unknown as Touches;
}

class Index<T> {
  readonly #found = new Map<string, T[]>();
  add(name: string, one: T): void {
    const known = this.#found.get(name);
    if (known) known.push(one);
    else this.#found.set(name, [one]);
  }
  get(name: string): readonly T[] {
    return this.#found.get(name) ?? [];
  }
}

function conditionOf(document: DocumentNode, fragment: string): string | undefined {
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === fragment)
      return node.typeCondition.name.value;
  }
  return undefined;
}

const namedInput = (type: GraphQLInputType | null | undefined): string | undefined =>
  type ? getNamedType(type).name : undefined;

/** The type itself and all that its fields may hold, remembered by type. */
function inputTypesIn() {
  const known = new Map<string, ReadonlySet<string>>();
  return (type: GraphQLInputType): ReadonlySet<string> => {
    const root = getNamedType(type);
    const found = known.get(root.name) ?? new Set<string>();
    if (known.has(root.name)) return found;
    const waiting = [root];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (found.has(next.name)) continue;
      (found as Set<string>).add(next.name);
      if (isInputObjectType(next))
        waiting.push(...Object.values(next.getFields()).map((field) => getNamedType(field.type)));
    }
    known.set(root.name, found);
    return found;
  };
}
