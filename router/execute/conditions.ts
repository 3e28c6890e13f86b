/**
 * Takes out type conditions that say nothing where they stand: `... on Named { … }` inside a Person, which always is
 * Named. The stock executor forgets the object's own type inside of them, and then leaves out what a further
 * condition (`... on Person`) selects there.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * In place of a condition that can never hold. It is valid beneath an abstract type (`... on Named { ... on Band { … } }`
 * inside an Artist), but no more once that one is taken out; and a selection must not be empty.
 */
const NOTHING: InlineFragmentNode = {
  kind: Kind.INLINE_FRAGMENT,
  directives: [
    {
      kind: Kind.DIRECTIVE,
      name: { kind: Kind.NAME, value: 'skip' },
      arguments: [
        {
          kind: Kind.ARGUMENT,
          name: { kind: Kind.NAME, value: 'if' },
          value: { kind: Kind.BOOLEAN, value: true },
        },
      ],
    },
  ],
  selectionSet: {
    kind: Kind.SELECTION_SET,
    selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }],
  },
};

/** The document is valid against the schema. */
export function withoutIdleConditions(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const definitions = document.definitions.map((node) => {
    if (node.kind === Kind.FRAGMENT_DEFINITION) {
      return { ...node, selectionSet: plain(node.selectionSet, typeNamed(node.typeCondition.name.value)) };
    }
    if (node.kind !== Kind.OPERATION_DEFINITION) return node;
    return { ...node, selectionSet: plain(node.selectionSet, schema.getRootType(node.operation)!) };
  });
  return { ...document, definitions };

  function plain(set: SelectionSetNode, type: GraphQLCompositeType): SelectionSetNode {
    return { ...set, selections: set.selections.map((node) => plainSelection(node, type)) };
  }

  function plainSelection(node: SelectionNode, type: GraphQLCompositeType): SelectionNode {
    if (node.kind === Kind.FIELD) {
      const result = node.selectionSet && resultOf(type, node.name.value);
      return result ? { ...node, selectionSet: plain(node.selectionSet!, result) } : node;
    }
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node;
    const condition = fragment.typeCondition ? typeNamed(fragment.typeCondition.name.value) : type;
    if (isObjectType(type) && !isPossible(type, condition)) return NOTHING;
    const isIdle = isObjectType(type) && isAbstractType(condition);
    if (!isIdle && node.kind === Kind.FRAGMENT_SPREAD) return node;
    const selectionSet = plain(fragment.selectionSet, isIdle ? type : condition);
    if (!isIdle) return { ...(node as InlineFragmentNode), selectionSet };
    return { kind: Kind.INLINE_FRAGMENT, directives: node.directives ?? [], selectionSet };
  }

  function isPossible(type: GraphQLObjectType, condition: GraphQLCompositeType): boolean {
    return isAbstractType(condition) ? schema.isSubType(condition, type) : condition === type;
  }

  function typeNamed(name: string): GraphQLCompositeType {
    return schema.getType(name) as GraphQLCompositeType;
  }
}

/** Nothing for introspection, which has no type conditions worth a thought. */
function resultOf(type: GraphQLCompositeType, field: string): GraphQLCompositeType | undefined {
  const definition = isUnionType(type) ? undefined : type.getFields()[field];
  const result = definition && getNamedType(definition.type);
  return result && isCompositeType(result) ? result : undefined;
}
