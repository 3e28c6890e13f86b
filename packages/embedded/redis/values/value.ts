/** The kinds of value that a key can hold. A string is a plain string; the others are objects of their own. */
import { Deque } from './deque.ts';
import { type Indexed, IndexedMap } from './indexed-map.ts';
import { SortedSet } from './sorted-set.ts';
import type { Stream } from './stream.ts';

export interface HashField extends Indexed {
  value: string;
}

export class Hash extends IndexedMap<HashField> {
  readonly type = 'hash';

  /** Whether the field is new. */
  set(key: string, value: string): boolean {
    const known = this.get(key);
    if (known) known.value = value;
    else this.add({ key, index: 0, value });
    return !known;
  }
}

export class MemberSet extends IndexedMap<Indexed> {
  readonly type = 'set';

  /** Whether the member is new. */
  include(key: string): boolean {
    if (this.has(key)) return false;
    this.add({ key, index: 0 });
    return true;
  }
}

export class List extends Deque {
  readonly type = 'list';
}

export interface ValueTypes {
  string: string;
  hash: Hash;
  list: List;
  set: MemberSet;
  zset: SortedSet;
  stream: Stream;
}

export type ValueType = keyof ValueTypes;
export type Value = ValueTypes[ValueType];

export const typeOf = (value: Value): ValueType => (typeof value === 'string' ? 'string' : value.type);

export function sizeOf(value: Exclude<Value, string>): number {
  return value.type === 'list' ? value.length : value.size;
}

export function copyValue(value: Value): Value {
  if (typeof value === 'string') return value;
  switch (value.type) {
    case 'hash': {
      const copy = new Hash();
      for (const field of value) copy.set(field.key, field.value);
      return copy;
    }
    case 'list': {
      const copy = new List();
      copy.replaceAll(value.slice(0, value.length));
      return copy;
    }
    case 'set': {
      const copy = new MemberSet();
      for (const member of value) copy.include(member.key);
      return copy;
    }
    case 'zset': {
      const copy = new SortedSet();
      for (const { key, score } of value.members) copy.set(key, score);
      return copy;
    }
    case 'stream':
      return value.copy();
  }
}
