/** How large an operation is, found without expanding its fragments: each is measured once. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

export interface Size {
  /** Levels of fields; of values inside a list or an input object. */
  depth: number;
  /** Fields after the fragments are expanded: what planners and executors work through. */
  fields: number;
}

export interface Limits {
  maxTokens: number;
  maxDepth: number;
  maxFields: number;
}

const NOTHING: Size = { depth: 0, fields: 0 };

/** The largest operation of the document counts. Fragments in a circle end here too; validation refuses them. */
export function sizeOf(document: DocumentNode): Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    if (node.kind === Kind.OPERATION_DEFINITION) operations.push(node);
  }
  const measured = new Map<string, Size>();

  const fragment = (name: string): Size => {
    const known = measured.get(name);
    if (known) return known;
    measured.set(name, NOTHING);
    const node = fragments.get(name);
    const size = node ? selections(node.selectionSet) : NOTHING;
    measured.set(name, size);
    return size;
  };

  const selections = (set: SelectionSetNode): Size => {
    let [depth, fields] = [0, 0];
    for (const node of set.selections) {
      let size: Size;
      if (node.kind === Kind.FRAGMENT_SPREAD) size = fragment(node.name.value);
      else if (node.kind === Kind.INLINE_FRAGMENT) size = selections(node.selectionSet);
      else {
        const below = node.selectionSet ? selections(node.selectionSet) : NOTHING;
        const inValues = Math.max(0, ...(node.arguments ?? []).map(({ value }) => depthOf(value)));
        size = { depth: 1 + Math.max(below.depth, inValues), fields: 1 + below.fields };
      }
      depth = Math.max(depth, size.depth);
      fields += size.fields;
    }
    return { depth, fields };
  };

  const sizes = operations.map((operation) => selections(operation.selectionSet));
  return {
    depth: Math.max(0, ...sizes.map(({ depth }) => depth)),
    fields: Math.max(0, ...sizes.map(({ fields }) => fields)),
  };
}

function depthOf(value: ValueNode): number {
  if (value.kind === Kind.LIST) return 1 + Math.max(0, ...value.values.map(depthOf));
  if (value.kind === Kind.OBJECT)
    return 1 + Math.max(0, ...value.fields.map((field) => depthOf(field.value)));
  return 0;
}
