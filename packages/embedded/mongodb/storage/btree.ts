/**
 * An ordered set as a B+tree. A snapshot is taken in constant time: it shares the nodes, and a later write copies the
 * few it touches. That is what lets a cursor go on reading the collection as it stood when it was opened.
 */

/** A node belongs to the tree that may change it in place; the nodes of a snapshot belong to none. */
interface Node<E> {
  owner: object;
  /** Entries in the subtree. */
  count: number;
  /** In a leaf the entries; in a branch a lower bound of each child. */
  entries: E[];
  children: Node<E>[] | undefined;
}

/**
 * A place between two entries: true for all entries before it, false for all behind it.
 * `undefined` means the open end of the direction in question.
 */
export type Position<E> = (entry: E) => boolean;

const NODE_ENTRIES = 64;
/** Nodes made in bulk are left with room, so that the first writes do not split them all. */
const BULK_ENTRIES = 48;

export class BTree<E> {
  readonly compare: (a: E, b: E) => number;
  private root: Node<E>;
  private owner = {};

  constructor(compare: (a: E, b: E) => number) {
    this.compare = compare;
    this.root = { owner: this.owner, count: 0, entries: [], children: undefined };
  }

  /** Builds a tree of entries that are already in order. */
  static ofSorted<E>(compare: (a: E, b: E) => number, entries: readonly E[]): BTree<E> {
    const tree = new BTree(compare);
    if (entries.length === 0) return tree;
    let level: Node<E>[] = [];
    for (const part of slices(entries)) {
      level.push({ owner: tree.owner, count: part.length, entries: part, children: undefined });
    }
    while (level.length > 1) level = slices(level).map((children) => branch(tree.owner, children));
    tree.root = level[0]!;
    return tree;
  }

  get size(): number {
    return this.root.count;
  }

  get(like: E): E | undefined {
    let node = this.root;
    while (node.children) node = node.children[this.childFor(node, like)]!;
    const found = node.entries[this.lowerBound(node, like)];
    return found !== undefined && this.compare(found, like) === 0 ? found : undefined;
  }

  /** Adds the entry, in place of an equal one. */
  set(entry: E): void {
    this.root = this.writable(this.root);
    const split = this.setIn(this.root, entry);
    if (split) this.root = branch(this.owner, [this.root, split]);
  }

  delete(like: E): boolean {
    if (this.get(like) === undefined) return false;
    this.root = this.writable(this.root);
    this.deleteIn(this.root, like);
    while (this.root.children?.length === 1) this.root = this.root.children[0]!;
    if (this.root.children?.length === 0) this.root.children = undefined;
    return true;
  }

  /** How many entries stand before the position. */
  rank(position: Position<E>): number {
    let before = 0;
    let node = this.root;
    while (node.children) {
      const index = Math.max(countBefore(node.entries, position) - 1, 0);
      for (let i = 0; i < index; i++) before += node.children[i]!.count;
      node = node.children[index]!;
    }
    return before + countBefore(node.entries, position);
  }

  /** The entries behind `from` in ascending order. */
  ascending(from?: Position<E>): IterableIterator<E> {
    return walkUp(this.root, from);
  }

  /** The entries before `from` in descending order. */
  descending(from?: Position<E>): IterableIterator<E> {
    return walkDown(this.root, from);
  }

  /** The set as it is now, whatever happens to this one later. */
  snapshot(): BTree<E> {
    const copy = new BTree(this.compare);
    copy.root = this.root;
    this.owner = {};
    return copy;
  }

  private setIn(node: Node<E>, entry: E): Node<E> | undefined {
    if (!node.children) return this.setInLeaf(node, entry);
    const index = this.childFor(node, entry);
    const child = this.writable(node.children[index]!);
    node.children[index] = child;
    const countBefore = child.count;
    const split = this.setIn(child, entry);
    node.count += child.count + (split?.count ?? 0) - countBefore;
    if (!split) return undefined;
    node.children.splice(index + 1, 0, split);
    node.entries.splice(index + 1, 0, split.entries[0]!);
    return node.children.length > NODE_ENTRIES ? this.split(node, index + 1) : undefined;
  }

  private setInLeaf(leaf: Node<E>, entry: E): Node<E> | undefined {
    const index = this.lowerBound(leaf, entry);
    const there = leaf.entries[index];
    if (there !== undefined && this.compare(there, entry) === 0) {
      leaf.entries[index] = entry;
      return undefined;
    }
    leaf.entries.splice(index, 0, entry);
    leaf.count++;
    return leaf.count > NODE_ENTRIES ? this.split(leaf, index) : undefined;
  }

  /** Cuts off the right part. Where entries come in ascending order the left part stays full. */
  private split(node: Node<E>, changed: number): Node<E> {
    const last = node.entries.length - 1;
    const at = changed === last ? last : node.entries.length >> 1;
    const entries = node.entries.splice(at);
    if (!node.children) {
      node.count = node.entries.length;
      return { owner: this.owner, count: entries.length, entries, children: undefined };
    }
    const right: Node<E> = { owner: this.owner, count: 0, entries, children: node.children.splice(at) };
    for (const child of right.children!) right.count += child.count;
    node.count -= right.count;
    return right;
  }

  private deleteIn(node: Node<E>, like: E): void {
    node.count--;
    if (!node.children) {
      node.entries.splice(this.lowerBound(node, like), 1);
      return;
    }
    const index = this.childFor(node, like);
    const child = this.writable(node.children[index]!);
    node.children[index] = child;
    this.deleteIn(child, like);
    if (child.count > 0) return;
    node.children.splice(index, 1);
    node.entries.splice(index, 1);
  }

  private writable(node: Node<E>): Node<E> {
    if (node.owner === this.owner) return node;
    return {
      owner: this.owner,
      count: node.count,
      entries: node.entries.slice(),
      children: node.children?.slice(),
    };
  }

  private childFor(node: Node<E>, entry: E): number {
    let low = 1;
    let high = node.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compare(node.entries[middle]!, entry) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private lowerBound(leaf: Node<E>, entry: E): number {
    let low = 0;
    let high = leaf.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compare(leaf.entries[middle]!, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function branch<E>(owner: object, children: Node<E>[]): Node<E> {
  const node: Node<E> = { owner, count: 0, entries: [], children };
  for (const child of children) {
    node.count += child.count;
    node.entries.push(child.entries[0]!);
  }
  return node;
}

function slices<T>(items: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += BULK_ENTRIES) parts.push(items.slice(at, at + BULK_ENTRIES));
  return parts;
}

function countBefore<E>(entries: readonly E[], position: Position<E>): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (position(entries[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* walkUp<E>(root: Node<E>, from: Position<E> | undefined): IterableIterator<E> {
  for (const { entries } of leavesUp(root, from)) {
    const first = from ? countBefore(entries, from) : 0;
    from = undefined;
    for (let i = first; i < entries.length; i++) yield entries[i]!;
  }
}

function* walkDown<E>(root: Node<E>, from: Position<E> | undefined): IterableIterator<E> {
  for (const { entries } of leavesDown(root, from)) {
    const behind = from ? countBefore(entries, from) : entries.length;
    from = undefined;
    for (let i = behind - 1; i >= 0; i--) yield entries[i]!;
  }
}

function* leavesUp<E>(node: Node<E>, from: Position<E> | undefined): IterableIterator<Node<E>> {
  if (!node.children) {
    yield node;
    return;
  }
  // The child before the first bound behind the position may hold entries behind it too.
  const start = from ? Math.max(countBefore(node.entries, from) - 1, 0) : 0;
  for (let i = start; i < node.children.length; i++) {
    yield* leavesUp(node.children[i]!, i === start ? from : undefined);
  }
}

function* leavesDown<E>(node: Node<E>, from: Position<E> | undefined): IterableIterator<Node<E>> {
  if (!node.children) {
    yield node;
    return;
  }
  const start = from ? Math.max(countBefore(node.entries, from) - 1, 0) : node.children.length - 1;
  for (let i = start; i >= 0; i--) yield* leavesDown(node.children[i]!, i === start ? from : undefined);
}
