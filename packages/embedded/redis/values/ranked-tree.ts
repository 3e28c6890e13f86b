/**
 * Elements in order, found by value or by rank in logarithmic time: a B-tree whose branches know how many elements
 * are below them. Sorted sets, streams and lists of pending entries stand on it.
 */

const LEAF_SIZE = 64;
const BRANCH_SIZE = 32;

interface Leaf<E> {
  items: E[];
}

interface Branch<E> {
  children: TreeNode<E>[];
  count: number;
  first: E;
}

type TreeNode<E> = Leaf<E> | Branch<E>;

const isLeaf = <E>(node: TreeNode<E>): node is Leaf<E> => 'items' in node;
const countOf = <E>(node: TreeNode<E>): number => (isLeaf(node) ? node.items.length : node.count);
const firstOf = <E>(node: TreeNode<E>): E => (isLeaf(node) ? node.items[0]! : node.first);

export class RankedTree<E> {
  readonly #compare: (a: E, b: E) => number;
  #root: TreeNode<E> = { items: [] };

  constructor(compare: (a: E, b: E) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return countOf(this.#root);
  }

  /** An element equal to one that is there already must not be inserted. */
  insert(element: E): void {
    const sibling = this.#insertInto(this.#root, element);
    if (sibling) this.#root = branchOf([this.#root, sibling]);
  }

  delete(element: E): void {
    this.deleteAt(this.rankOf(element));
  }

  deleteAt(rank: number): void {
    removeAt(this.#root, rank);
    while (!isLeaf(this.#root) && this.#root.children.length === 1) this.#root = this.#root.children[0]!;
    if (this.size === 0) this.#root = { items: [] };
  }

  /** How many elements come before this one. */
  rankOf(element: E): number {
    return this.countWhile((other) => this.#compare(other, element) < 0);
  }

  /** How many elements, from the first one on, the condition holds for; it must hold for no later one. */
  countWhile(holds: (element: E) => boolean): number {
    let node = this.#root;
    let before = 0;
    while (!isLeaf(node)) {
      const { children } = node;
      const next = Math.max(0, lengthWhile(children, (child) => holds(firstOf(child))) - 1);
      for (let index = 0; index < next; index++) before += countOf(children[index]!);
      node = children[next]!;
    }
    return before + lengthWhile(node.items, holds);
  }

  at(rank: number): E | undefined {
    if (rank < 0 || rank >= this.size) return undefined;
    let node = this.#root;
    let rest = rank;
    while (!isLeaf(node)) {
      let index = 0;
      for (; rest >= countOf(node.children[index]!); index++) rest -= countOf(node.children[index]!);
      node = node.children[index]!;
    }
    return node.items[rest];
  }

  /** The elements of rank start up to, not including, end. */
  slice(start = 0, end = this.size): E[] {
    const found: E[] = [];
    collect(this.#root, start, end, found);
    return found;
  }

  #insertInto(node: TreeNode<E>, element: E): TreeNode<E> | undefined {
    if (isLeaf(node)) return this.#insertIntoLeaf(node, element);
    const { children } = node;
    const after = lengthWhile(children, (child) => this.#compare(firstOf(child), element) < 0);
    const index = Math.max(0, after - 1);
    const sibling = this.#insertInto(children[index]!, element);
    if (sibling) children.splice(index + 1, 0, sibling);
    node.count++;
    node.first = firstOf(children[0]!);
    return children.length > BRANCH_SIZE ? splitBranch(node) : undefined;
  }

  #insertIntoLeaf({ items }: Leaf<E>, element: E): Leaf<E> | undefined {
    const place = lengthWhile(items, (item) => this.#compare(item, element) < 0);
    // What grows at its end, like a stream, leaves full leaves behind.
    if (items.length >= LEAF_SIZE && place === items.length) return { items: [element] };
    items.splice(place, 0, element);
    return items.length > LEAF_SIZE ? { items: items.splice(items.length >> 1) } : undefined;
  }
}

function branchOf<E>(children: TreeNode<E>[]): Branch<E> {
  let count = 0;
  for (const child of children) count += countOf(child);
  return { children, count, first: firstOf(children[0]!) };
}

function splitBranch<E>(node: Branch<E>): Branch<E> {
  const sibling = branchOf(node.children.splice(node.children.length >> 1));
  node.count -= sibling.count;
  return sibling;
}

function removeAt<E>(node: TreeNode<E>, rank: number): void {
  if (isLeaf(node)) {
    node.items.splice(rank, 1);
    return;
  }
  const { children } = node;
  let index = 0;
  let rest = rank;
  for (; rest >= countOf(children[index]!); index++) rest -= countOf(children[index]!);
  removeAt(children[index]!, rest);
  if (countOf(children[index]!) === 0) children.splice(index, 1);
  node.count--;
  if (node.count > 0) node.first = firstOf(children[0]!);
}

function collect<E>(node: TreeNode<E>, start: number, end: number, found: E[]): void {
  if (isLeaf(node)) {
    for (let index = Math.max(0, start); index < Math.min(end, node.items.length); index++) {
      found.push(node.items[index]!);
    }
    return;
  }
  let before = 0;
  for (const child of node.children) {
    const count = countOf(child);
    if (before < end && before + count > start) collect(child, start - before, end - before, found);
    before += count;
    if (before >= end) return;
  }
}

/** How long the run at the start is for which the condition holds; binary search. */
function lengthWhile<T>(list: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
