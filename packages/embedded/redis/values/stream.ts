import { compareIds, FIRST_ID, formatId, IdTree, isZeroId, laterId, type StreamId } from './stream-id.ts';

export interface StreamEntry extends StreamId {
  /** Field, value, field, value ... */
  readonly fields: readonly string[];
}

/** An entry that was delivered and not acknowledged. */
export interface Pending extends StreamId {
  consumer: Consumer;
  /** Milliseconds since 1970. */
  deliveredAt: number;
  deliveries: number;
}

export interface Consumer {
  readonly name: string;
  /** When it last asked for something, and when it last got something; milliseconds since 1970. */
  seenAt: number;
  activeAt: number | undefined;
  readonly pending: IdTree<Pending>;
}

export interface ConsumerGroup {
  readonly name: string;
  lastId: StreamId;
  /** How many entries of the stream's whole life lie up to lastId; undefined when that cannot be told. */
  entriesRead: number | undefined;
  readonly pending: IdTree<Pending>;
  readonly consumers: Map<string, Consumer>;
}

export class Stream {
  readonly type = 'stream';
  readonly entries = new IdTree<StreamEntry>();
  readonly groups = new Map<string, ConsumerGroup>();
  lastId: StreamId = FIRST_ID;
  maxDeletedId: StreamId = FIRST_ID;
  entriesAdded = 0;

  get size(): number {
    return this.entries.size;
  }

  get firstId(): StreamId {
    return this.entries.at(0) ?? FIRST_ID;
  }

  /** The id must be above lastId. */
  append(id: StreamId, fields: readonly string[]): void {
    this.entries.insert({ ms: id.ms, seq: id.seq, fields });
    this.lastId = id;
    this.entriesAdded++;
  }

  delete(id: StreamId): boolean {
    const entry = this.entries.find(id);
    if (!entry) return false;
    this.entries.delete(entry);
    this.maxDeletedId = laterId(this.maxDeletedId, id);
    return true;
  }

  /** Drops the oldest entries. */
  dropFirst(count: number): void {
    for (let dropped = 0; dropped < count; dropped++) this.entries.deleteAt(0);
  }

  /** Whether entries at this id or after it may have been deleted, so that counting them is not possible. */
  hasGapsFrom(id: StreamId): boolean {
    if (this.size === 0 || isZeroId(this.maxDeletedId)) return false;
    if (compareIds(this.firstId, this.maxDeletedId) > 0) return false;
    return compareIds(id, this.maxDeletedId) <= 0;
  }

  /** How many entries were ever added up to this id; undefined when that cannot be told. */
  entriesUpTo(id: StreamId): number | undefined {
    if (this.entriesAdded === 0) return 0;
    const toLast = compareIds(id, this.lastId);
    if (this.size === 0 && toLast <= 0) return this.entriesAdded;
    if (toLast === 0) return this.entriesAdded;
    if (toLast > 0) return undefined;
    const whole = isZeroId(this.maxDeletedId) || compareIds(this.maxDeletedId, this.firstId) < 0;
    const toFirst = compareIds(id, this.firstId);
    if (!whole || toFirst > 0) return undefined;
    return this.entriesAdded - this.size + (toFirst === 0 ? 1 : 0);
  }

  /** How many entries a group has still before it; undefined when that cannot be told. */
  lagOf(group: ConsumerGroup): number | undefined {
    if (this.entriesAdded === 0) return 0;
    const exact = group.entriesRead !== undefined && !this.hasGapsFrom(group.lastId);
    const read = exact ? group.entriesRead : this.entriesUpTo(group.lastId);
    return read === undefined ? undefined : this.entriesAdded - read;
  }

  copy(): Stream {
    const copy = new Stream();
    for (const entry of this.entries.slice()) copy.entries.insert(entry);
    copy.lastId = this.lastId;
    copy.maxDeletedId = this.maxDeletedId;
    copy.entriesAdded = this.entriesAdded;
    for (const group of this.groups.values()) copy.groups.set(group.name, copyGroup(group));
    return copy;
  }
}

export function createGroup(name: string, lastId: StreamId, entriesRead: number | undefined): ConsumerGroup {
  return { name, lastId, entriesRead, pending: new IdTree(), consumers: new Map() };
}

export function createConsumer(group: ConsumerGroup, name: string, seenAt: number): Consumer {
  const consumer: Consumer = { name, seenAt, activeAt: undefined, pending: new IdTree() };
  group.consumers.set(name, consumer);
  return consumer;
}

export function addPending(group: ConsumerGroup, pending: Pending): void {
  group.pending.insert(pending);
  pending.consumer.pending.insert(pending);
}

export function removePending(group: ConsumerGroup, pending: Pending): void {
  group.pending.delete(pending);
  pending.consumer.pending.delete(pending);
}

export function handOver(pending: Pending, consumer: Consumer): void {
  if (pending.consumer === consumer) return;
  pending.consumer.pending.delete(pending);
  pending.consumer = consumer;
  consumer.pending.insert(pending);
}

/** Redis keeps groups and consumers in the order of their names. */
export function byName<T extends { name: string }>(items: Iterable<T>): T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function describeEntry(entry: StreamEntry): [string, readonly string[]] {
  return [formatId(entry), entry.fields];
}

function copyGroup(group: ConsumerGroup): ConsumerGroup {
  const copy = createGroup(group.name, group.lastId, group.entriesRead);
  for (const { name, seenAt, activeAt } of group.consumers.values()) {
    createConsumer(copy, name, seenAt).activeAt = activeAt;
  }
  for (const pending of group.pending.slice()) {
    addPending(copy, { ...pending, consumer: copy.consumers.get(pending.consumer.name)! });
  }
  return copy;
}
