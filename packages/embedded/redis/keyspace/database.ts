/** One database: keys, their values and when they expire. A key whose time has come is gone for every look. */
import { CommandError } from '../protocol/reply.ts';
import { IndexedMap } from '../values/indexed-map.ts';
import { sizeOf, typeOf, type Value, type ValueType, type ValueTypes } from '../values/value.ts';
import type { Entry } from './entry.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import type { EventClass, KeyspaceState } from './state.ts';

export const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';
const QUEUE_SLACK = 1024;

export class Database {
  readonly index: number;
  readonly #keyspace: KeyspaceState;
  #entries = new IndexedMap<Entry>();
  #queue = new ExpiryQueue();
  #expiring = 0;

  constructor(index: number, keyspace: KeyspaceState) {
    this.index = index;
    this.#keyspace = keyspace;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** How many keys have an expiry. */
  get expiring(): number {
    return this.#expiring;
  }

  get nextExpiry(): number | undefined {
    return this.#queue.nextAt;
  }

  get now(): number {
    return this.#keyspace.now;
  }

  /** Looks without counting it as use. */
  peek(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.expireAt >= this.#keyspace.now) return entry;
    this.#expire(entry);
    return undefined;
  }

  entry(key: string): Entry | undefined {
    const entry = this.peek(key);
    if (entry) {
      entry.usedAt = this.#keyspace.now;
      this.#keyspace.hits++;
    } else {
      this.#keyspace.misses++;
      this.#keyspace.listener.event('m', 'keymiss', this.index, key);
    }
    return entry;
  }

  get<T extends ValueType>(key: string, type: T): ValueTypes[T] | undefined {
    const entry = this.entry(key);
    if (!entry) return undefined;
    if (typeOf(entry.value) !== type) throw new CommandError(WRONG_TYPE);
    return entry.value as ValueTypes[T];
  }

  /** Undefined, and no error, where the key holds something else. */
  getIf<T extends ValueType>(key: string, type: T): ValueTypes[T] | undefined {
    const entry = this.peek(key);
    return entry && typeOf(entry.value) === type ? (entry.value as ValueTypes[T]) : undefined;
  }

  has(key: string): boolean {
    return this.entry(key) !== undefined;
  }

  /** Gives the key a value; an expiry it had is dropped. */
  set(key: string, value: Value): void {
    const known = this.peek(key);
    if (!known) {
      this.#add(key, value);
      return;
    }
    known.value = value;
    this.#forgetExpiry(known);
  }

  /** Gives the key a value; an expiry it has stays. */
  replace(key: string, value: Value): void {
    const known = this.peek(key);
    if (known) known.value = value;
    else this.#add(key, value);
  }

  delete(key: string): boolean {
    const entry = this.#entries.delete(key);
    if (!entry) return false;
    this.#forgetExpiry(entry);
    return true;
  }

  /** The key must be there. */
  setExpiry(key: string, at: number): void {
    const entry = this.#entries.get(key)!;
    if (entry.expireAt === Infinity) this.#expiring++;
    entry.expireAt = at;
    const soonest = this.#queue.nextAt ?? Infinity;
    this.#queue.add(entry);
    if (at < soonest) this.#keyspace.listener.expiresNext(at);
    if (this.#queue.size > 2 * this.#expiring + QUEUE_SLACK) {
      this.#queue.compact((queued) => this.#entries.get(queued.key) === queued);
    }
  }

  /** Whether there was one. */
  removeExpiry(key: string): boolean {
    const entry = this.peek(key);
    return entry !== undefined && this.#forgetExpiry(entry);
  }

  /** To be called after every change of a key. */
  changed(key: string, eventClass: EventClass, event: string): void {
    this.#keyspace.changes++;
    this.#keyspace.listener.touched(this.index, key);
    this.#keyspace.listener.event(eventClass, event, this.index, key);
  }

  /** To be called after a change that no one can watch or wait for, such as an acknowledgement. */
  changedQuietly(): void {
    this.#keyspace.changes++;
  }

  /** To be called after a quiet change that is told to those who listen to events all the same. */
  tell(eventClass: EventClass, event: string, key: string): void {
    this.#keyspace.listener.event(eventClass, event, this.index, key);
  }

  /** To be called after something was taken out of a collection: Redis keeps no empty ones. */
  dropIfEmpty(key: string, value: Exclude<Value, string>): void {
    if (sizeOf(value) > 0) return;
    this.delete(key);
    this.#keyspace.listener.event('g', 'del', this.index, key);
  }

  keys(): string[] {
    const live: string[] = [];
    for (const entry of this.#entries) if (entry.expireAt >= this.#keyspace.now) live.push(entry.key);
    return live;
  }

  *entries(): Generator<Entry> {
    yield* this.#entries;
  }

  scan(cursor: number, count: number): { cursor: number; elements: Entry[] } {
    const found = this.#entries.scan(cursor, count);
    return { ...found, elements: found.elements.filter(({ key }) => this.peek(key)) };
  }

  randomKey(): string | undefined {
    while (this.#entries.size > 0) {
      const { key } = this.#entries.random();
      if (this.peek(key)) return key;
    }
    return undefined;
  }

  /** How many keys there were. */
  clear(): number {
    const { size } = this.#entries;
    this.#entries = new IndexedMap();
    this.#queue = new ExpiryQueue();
    this.#expiring = 0;
    return size;
  }

  swapContents(other: Database): void {
    [this.#entries, other.#entries] = [other.#entries, this.#entries];
    [this.#queue, other.#queue] = [other.#queue, this.#queue];
    [this.#expiring, other.#expiring] = [other.#expiring, this.#expiring];
  }

  /** Deletes one key whose time has come; false when there is none. */
  expireOne(): boolean {
    const entry = this.#queue.takeDue(this.#keyspace.now);
    if (!entry) return false;
    if (this.#entries.get(entry.key) === entry) this.#expire(entry);
    return true;
  }

  #add(key: string, value: Value): void {
    const { now, listener } = this.#keyspace;
    this.#entries.add({ key, index: 0, value, expireAt: Infinity, queuedFor: Infinity, usedAt: now });
    listener.event('n', 'new', this.index, key);
  }

  #forgetExpiry(entry: Entry): boolean {
    if (entry.expireAt === Infinity) return false;
    entry.expireAt = Infinity;
    this.#expiring--;
    return true;
  }

  #expire(entry: Entry): void {
    this.delete(entry.key);
    this.#keyspace.expiredKeys++;
    const { listener } = this.#keyspace;
    listener.expired(this.index, entry.key);
    listener.touched(this.index, entry.key);
    listener.event('x', 'expired', this.index, entry.key);
  }
}
