/**
 * Data of subgraphs on its way to the client. Scalars stay the JSON text they came as (wire text); objects are rows: an
 * array with a slot for each response key that any fetch brings to their place, so that no key a client may choose
 * (`__proto__`) means anything to JavaScript.
 */

import type { Leaf } from './leaf.ts';

/** `undefined`: nobody has brought it yet. */
export type Value = undefined | null | string | List | Row;
export type Row = Value[];

export class List {
  readonly items: Value[];
  constructor(items: Value[]) {
    this.items = items;
  }
}

/** Slots that every row has. */
export const TYPENAME = 0;
/** Of a row that stands in several places: its text, once that is rendered; until then, any. */
export const TEXT = 1;
/** For which projection TEXT was rendered: fragments may ask for other fields of the same row. */
export const RENDERED_AS = 2;
/** Any text: the row is in the list of its place, and so are those below it. */
export const LISTED = 3;
const FIXED_SLOTS = 4;

/** All objects at one path of the answer, whichever their type and however many lists are on the way. */
export class Place {
  readonly key: string;
  readonly parent: Place | undefined;
  /** By response key. */
  readonly slots = new Map<string, number>([['__typename', TYPENAME]]);
  readonly places = new Map<string, Place>();
  /** Where the rows here are gathered, if a fetch asks for more of them. */
  list: number | undefined;
  /** What fetches take the scalars of a slot for. */
  readonly leaves = new Map<number, Set<Leaf>>();
  /** How many lists are around a row. */
  depth = 0;
  /** How many fetches bring whole objects here, rather than more of those that are there. */
  providers = 0;
  /** Some fetch asks for more of the rows here only where the objects around them are of some types. */
  isConditional = false;
  /** Set by `seal`. */
  blank: Row = [];

  constructor(key = '', parent?: Place) {
    this.key = key;
    this.parent = parent;
  }

  slot(key: string): number {
    let slot = this.slots.get(key);
    if (slot === undefined) {
      slot = FIXED_SLOTS + this.slots.size - 1;
      this.slots.set(key, slot);
    }
    return slot;
  }

  /** A fetch brings a scalar. */
  brings(slot: number, leaf: Leaf): void {
    const known = this.leaves.get(slot);
    if (known) known.add(leaf);
    else this.leaves.set(slot, new Set([leaf]));
  }

  below(key: string): Place {
    let place = this.places.get(key);
    if (!place) {
      place = new Place(key, this);
      this.places.set(key, place);
    }
    return place;
  }

  at(keys: readonly string[]): Place {
    return keys.reduce<Place>((place, key) => place.below(key), this);
  }

  /** When every fetch has said what it brings. */
  seal(): void {
    this.blank = new Array<Value>(FIXED_SLOTS + this.slots.size - 1).fill(undefined);
    for (const place of this.places.values()) place.seal();
  }
}

export function isRow(value: Value): value is Row {
  return Array.isArray(value);
}
