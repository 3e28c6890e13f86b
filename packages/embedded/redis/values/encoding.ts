/**
 * What OBJECT ENCODING calls the way in which Redis 7.2 would keep a value. Here it only decides whether a collection
 * is small; Redis, once it has gone over to the larger way, stays with it, where this follows the size both ways.
 */
import { parseInt64 } from '../numbers/int64.ts';
import { typeOf, type Value } from './value.ts';

const EMBEDDED_STRING_BYTES = 44;
const SMALL_ITEMS = 128;
const SMALL_ITEM_BYTES = 64;
const SMALL_INTEGERS = 512;
const SMALL_LIST_BYTES = 8192;

export function encodingOf(value: Value): string {
  if (typeof value === 'string') {
    if (parseInt64(value) !== undefined) return 'int';
    return value.length <= EMBEDDED_STRING_BYTES ? 'embstr' : 'raw';
  }
  if (value.type === 'stream') return 'stream';
  if (value.type === 'list') return isSmall(value) ? 'listpack' : 'quicklist';
  if (value.type === 'set' && isSmallIntegerSet(value)) return 'intset';
  if (isSmall(value)) return 'listpack';
  return value.type === 'zset' ? 'skiplist' : 'hashtable';
}

export function isSmall(value: Exclude<Value, string>): boolean {
  switch (value.type) {
    case 'hash':
      return value.size <= SMALL_ITEMS && everyShort(value, (field) => [field.key, field.value]);
    case 'set':
      return isSmallIntegerSet(value) || (value.size <= SMALL_ITEMS && everyShort(value, ({ key }) => [key]));
    case 'zset':
      return value.size <= SMALL_ITEMS && everyShort(value.members, ({ key }) => [key]);
    case 'list': {
      let bytes = 0;
      for (let index = 0; index < value.length && bytes <= SMALL_LIST_BYTES; index++) {
        bytes += value.at(index)!.length + 2;
      }
      return bytes <= SMALL_LIST_BYTES;
    }
    case 'stream':
      return false;
  }
}

function isSmallIntegerSet(value: Value): boolean {
  if (typeOf(value) !== 'set' || typeof value === 'string' || value.type !== 'set') return false;
  if (value.size > SMALL_INTEGERS) return false;
  for (const { key } of value) if (parseInt64(key) === undefined) return false;
  return true;
}

function everyShort<T>(items: Iterable<T>, texts: (item: T) => string[]): boolean {
  for (const item of items) if (texts(item).some((text) => text.length > SMALL_ITEM_BYTES)) return false;
  return true;
}
