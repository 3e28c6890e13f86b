/** How large an operation may be: measured without expanding its fragments, each of which is measured once. */
import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** Everything counts as often as it stands there once the fragments are expanded. */
export interface Size {
  /** Levels of fields; of values inside a list or an input object. */
  depth: number;
  /** Fields from top to bottom: what planners and executors work through. */
  height: number;
  aliases: number;
  rootFields: number;
  directives: number;
}

export interface Limits {
  /** Names, numbers, brackets of the text; checked while it is parsed. */
  maxTokens: number;
  maxDepth: number;
  maxHeight: number;
  maxAliases: number;
  maxRootFields: number;
  maxDirectives: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxTokens: 5_000,
  maxDepth: 25,
  maxHeight: 5_000,
  maxAliases: 50,
  maxRootFields: 20,
  maxDirectives: 50,
};

interface Checked {
  part: keyof Size;
  limit: keyof Limits;
  setting: string;
  says(value: number): string;
}

const CHECKS: readonly Checked[] = [
  { part: 'depth', limit: 'maxDepth', setting: 'ROUTER_MAX_DEPTH', says: (n) => `is ${n} levels deep` },
  { part: 'height', limit: 'maxHeight', setting: 'ROUTER_MAX_HEIGHT', says: (n) => `has ${n} fields` },
  { part: 'aliases', limit: 'maxAliases', setting: 'ROUTER_MAX_ALIASES', says: (n) => `has ${n} aliases` },
  {
    part: 'rootFields',
    limit: 'maxRootFields',
    setting: 'ROUTER_MAX_ROOT_FIELDS',
    says: (n) => `has ${n} root fields`,
  },
  {
    part: 'directives',
    limit: 'maxDirectives',
    setting: 'ROUTER_MAX_DIRECTIVES',
    says: (n) => `has ${n} directives`,
  },
];

/** One sentence on the first limit that the document breaks; nothing when it keeps them all. */
export function exceededLimit(document: DocumentNode, limits: Limits): string | undefined {
  const size = sizeOf(document);
  const broken = CHECKS.find(({ part, limit }) => size[part] > limits[limit]);
  return broken && tooMuch(broken.says(size[broken.part]), limits[broken.limit], broken.setting);
}

export function tooMuch(what: string, max: number, setting: string): string {
  return `The operation ${what}; at most ${max} are allowed (${setting})`;
}

const NOTHING: Size = { depth: 0, height: 0, aliases: 0, rootFields: 0, directives: 0 };

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
    const size = node ? withDirectives(selections(node.selectionSet), node.directives) : NOTHING;
    measured.set(name, size);
    return size;
  };

  const selection = (node: SelectionNode): Size => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return fragment(node.name.value);
    if (node.kind === Kind.INLINE_FRAGMENT) return selections(node.selectionSet);
    const below = node.selectionSet ? selections(node.selectionSet) : NOTHING;
    const inValues = Math.max(0, ...(node.arguments ?? []).map(({ value }) => depthOf(value)));
    return {
      depth: 1 + Math.max(below.depth, inValues),
      height: 1 + below.height,
      aliases: (node.alias ? 1 : 0) + below.aliases,
      rootFields: 1,
      directives: below.directives,
    };
  };

  const selections = (set: SelectionSetNode): Size =>
    set.selections.reduce(
      (size, node) => add(size, withDirectives(selection(node), node.directives)),
      NOTHING,
    );

  return operations
    .map(({ selectionSet, directives = [], variableDefinitions = [] }) => {
      const ofVariables = variableDefinitions.flatMap((variable) => variable.directives ?? []);
      return withDirectives(selections(selectionSet), [...directives, ...ofVariables]);
    })
    .reduce(largest, NOTHING);
}

function withDirectives(size: Size, directives: readonly DirectiveNode[] = []): Size {
  return directives.length === 0 ? size : { ...size, directives: size.directives + directives.length };
}

function add(one: Size, other: Size): Size {
  return {
    depth: Math.max(one.depth, other.depth),
    height: one.height + other.height,
    aliases: one.aliases + other.aliases,
    rootFields: one.rootFields + other.rootFields,
    directives: one.directives + other.directives,
  };
}

function largest(one: Size, other: Size): Size {
  const parts = Object.keys(one) as (keyof Size)[];
  return Object.fromEntries(parts.map((part) => [part, Math.max(one[part], other[part])])) as unknown as Size;
}

function depthOf(value: ValueNode): number {
  if (value.kind === Kind.LIST) return 1 + Math.max(0, ...value.values.map(depthOf));
  if (value.kind === Kind.OBJECT)
    return 1 + Math.max(0, ...value.fields.map((field) => depthOf(field.value)));
  return 0;
}
