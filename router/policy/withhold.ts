/**
 * Takes out of an operation what its viewer may not read, before it is planned: nothing that is withheld reaches a
 * subgraph. Each place is held by a `__typename` under an alias of its own, so that whatever executes the operation
 * decides which objects have that place (type conditions, lists, @skip); restore.ts turns these into null.
 *
 * What a selection may read is judged by every object type that can stand there, and by the interface it is read
 * through. Where only some of the types forbid a leaf, the others still answer it; a field with a selection of its own
 * is then withheld from all, since copying the selection for each type would grow without bound.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Rule, Rules } from './rules.ts';

export interface Withheld {
  /** Under what name the client asked for it. */
  responseKey: string;
  type: GraphQLOutputType;
  rule: Rule;
}

export interface Restricted {
  /** The same document when nothing is withheld. */
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** By the alias that holds the place. */
  withheld: ReadonlyMap<string, Withheld>;
}

export interface RestrictInput {
  schema: GraphQLSchema;
  rules: Rules;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  permits: (rule: Rule) => boolean;
}

/** Whether a place is there at all is decided by these; other directives were meant for the field itself. */
const CONDITIONS = [GraphQLSkipDirective.name, GraphQLIncludeDirective.name];

/** Object types that can stand where a selection is read. */
type Possible = readonly GraphQLObjectType[];

/** Every rule that the operation meets, whoever its viewer is. */
export function rulesMetBy(input: Omit<RestrictInput, 'permits'>): Rule[] {
  const met = new Set<Rule>();
  const permits = (rule: Rule) => {
    met.add(rule);
    return true;
  };
  restrict({ ...input, permits });
  return [...met];
}

export function restrict(input: RestrictInput): Restricted {
  const { schema, rules, document, operation, permits } = input;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const withheld = new Map<string, Withheld>();
  const prefix = freePrefix(document);
  const variants = new Map<string, FragmentDefinitionNode>();

  const root = schema.getRootType(operation.operation);
  if (!root) return { document, operation, withheld };
  const selectionSet = restrictSelections(operation.selectionSet, root, [root]);
  if (withheld.size === 0) return { document, operation, withheld };
  const restricted = { ...operation, selectionSet };
  return {
    document: { kind: Kind.DOCUMENT, definitions: [restricted, ...variants.values()] },
    operation: restricted,
    withheld,
  };

  function restrictSelections(
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    possible: Possible,
  ): SelectionSetNode {
    return {
      kind: Kind.SELECTION_SET,
      selections: set.selections.flatMap((node) => restrictSelection(node, type, possible)),
    };
  }

  function restrictSelection(
    node: SelectionNode,
    type: GraphQLCompositeType,
    possible: Possible,
  ): SelectionNode[] {
    if (node.kind === Kind.FIELD) return restrictField(node, type, possible);
    if (node.kind === Kind.FRAGMENT_SPREAD) return [restrictSpread(node, possible)];
    const condition = node.typeCondition ? compositeType(node.typeCondition.name.value) : type;
    const selections = restrictSelections(node.selectionSet, condition, narrow(possible, condition));
    return [{ ...node, selectionSet: selections }];
  }

  /** A fragment is judged anew for each set of types that it is spread on; the variants get names of their own. */
  function restrictSpread(node: FragmentSpreadNode, possible: Possible): FragmentSpreadNode {
    const fragment = fragments.get(node.name.value)!;
    const condition = compositeType(fragment.typeCondition.name.value);
    const narrowed = narrow(possible, condition);
    const key = `${node.name.value} ${narrowed.map(({ name }) => name).join(' ')}`;
    let variant = variants.get(key);
    if (!variant) {
      const name = { kind: Kind.NAME, value: `${node.name.value}_${variants.size}` } as const;
      const selectionSet = restrictSelections(fragment.selectionSet, condition, narrowed);
      variant = { ...fragment, name, selectionSet };
      variants.set(key, variant);
    }
    return { ...node, name: variant.name };
  }

  function restrictField(node: FieldNode, type: GraphQLCompositeType, possible: Possible): SelectionNode[] {
    const name = node.name.value;
    // Introspection tells the schema, not data; whether it is open at all is decided elsewhere.
    if (name === SchemaMetaFieldDef.name || name === TypeMetaFieldDef.name) return [node];
    const field = fieldOf(type, name);
    const result = getNamedType(field.type);
    const inItself = firstForbidden(isAbstractType(type) ? rulesOn(type.name, field) : []);
    const forbidden = possible.map((object) => firstForbidden(rulesOn(object.name, fieldOf(object, name))));
    const rule = inItself ?? forbidden.find((candidate) => candidate !== undefined);
    if (rule === undefined) {
      if (!node.selectionSet || !isCompositeType(result)) return [node];
      return [
        { ...node, selectionSet: restrictSelections(node.selectionSet, result, possibleTypesOf(result)) },
      ];
    }
    if (inItself || !isLeafType(result) || !forbidden.includes(undefined)) return [hold(node, field, rule)];
    return possible.map((object, index) => {
      const objectRule = forbidden[index];
      return onType(object, objectRule ? hold(node, field, objectRule) : node);
    });
  }

  function hold(node: FieldNode, field: GraphQLField<unknown, unknown>, rule: Rule): FieldNode {
    const responseKey = node.alias?.value ?? node.name.value;
    const alias = `${prefix}${withheld.size}`;
    withheld.set(alias, { responseKey, type: field.type, rule });
    return {
      kind: Kind.FIELD,
      alias: { kind: Kind.NAME, value: alias },
      name: { kind: Kind.NAME, value: TypeNameMetaFieldDef.name },
      directives: (node.directives ?? []).filter(({ name }) => CONDITIONS.includes(name.value)),
    };
  }

  function firstForbidden(candidates: readonly (Rule | undefined)[]): Rule | undefined {
    return candidates.find((rule) => rule !== undefined && !permits(rule));
  }

  /** The type that is read from, the field, and the type that is read. */
  function rulesOn(type: string, field: GraphQLField<unknown, unknown>): (Rule | undefined)[] {
    return [
      rules.ofType.get(type),
      rules.ofField.get(`${type}.${field.name}`),
      rules.ofType.get(getNamedType(field.type).name),
    ];
  }

  function possibleTypesOf(type: GraphQLCompositeType): Possible {
    return isObjectType(type) ? [type] : schema.getPossibleTypes(type);
  }

  /** Where the conditions contradict each other nothing is read, but nothing is taken for granted either. */
  function narrow(possible: Possible, condition: GraphQLCompositeType): Possible {
    const all = possibleTypesOf(condition);
    const both = possible.filter((type) => all.includes(type));
    return both.length > 0 ? both : all;
  }

  function compositeType(name: string): GraphQLCompositeType {
    return schema.getType(name) as GraphQLCompositeType;
  }
}

/** The document is valid against the schema, so that the field is there. */
function fieldOf(type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> {
  if (name === TypeNameMetaFieldDef.name || isUnionType(type)) return TypeNameMetaFieldDef;
  return type.getFields()[name]!;
}

function onType(type: GraphQLObjectType, field: FieldNode): SelectionNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } },
    selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
  };
}

/** No name in the document begins with it. */
function freePrefix(document: DocumentNode): string {
  const text = JSON.stringify(document.definitions);
  let prefix = 'withheld_';
  while (text.includes(`"${prefix}`)) prefix = `_${prefix}`;
  return prefix;
}
