/**
 * Open cursors: results that a client takes batch by batch. A cursor is a suspended walk over the collection as it
 * stood when it was opened (a snapshot shares the trees, see storage/btree.ts), so it neither skips nor repeats a
 * document whatever is written meanwhile, and holds no result before it is asked for.
 */
import { randomBytes } from 'node:crypto';
import { MongoError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import { type Deadline, deadlineIn, noDeadline } from '../storage/deadline.ts';
import type { Reply } from './reply.ts';

export interface CursorSource {
  namespace: string;
  documents: Iterator<Uint8Array>;
  /** The time that the walk has, over all its batches. */
  time: CursorTime;
  session: string | undefined;
  /** Dropped or renamed, it takes its cursors with it. */
  collection?: Collection | undefined;
  /** It stays open at the end and may be told to wait there. */
  tail?: { awaitsData: boolean; collection: Collection };
  noTimeout?: boolean;
}

export interface OpenCursor extends CursorSource {
  id: bigint;
  lastUsed: number;
  /** What had been retired in all when it was opened: see `release`. */
  retiredBefore: number;
  /** Taken from the walk, and not fitting into the last batch. */
  held: Uint8Array | undefined;
  isExhausted: boolean;
}

/** Time runs only while a batch is made, not while the client thinks. */
export class CursorTime implements Deadline {
  private left: number | undefined;
  private deadline: Deadline = noDeadline;
  private startedAt = 0;

  constructor(milliseconds: number | undefined) {
    this.left = milliseconds;
    this.resume();
  }

  check(): void {
    this.deadline.check();
  }

  resume(): void {
    this.startedAt = performance.now();
    this.deadline = deadlineIn(this.left);
  }

  pause(): void {
    if (this.left) this.left = Math.max(1, this.left - (performance.now() - this.startedAt));
    this.deadline = noDeadline;
  }
}

export const DEFAULT_FIRST_BATCH = 101;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
const IDLE_MS = 10 * 60_000;
/** Cursors that must not time out end with their session, which lives so long without being used. */
const SESSION_MS = 30 * 60_000;
/** Beyond so many, the one that was idle longest is closed. */
const MAX_CURSORS = 10_000;
const MAX_RETAINED_BYTES = 128 * 1024 * 1024;
const RELEASE_STEP_BYTES = 8 * 1024 * 1024;

export function cursorNotFound(id: bigint): MongoError {
  return new MongoError(43, 'CursorNotFound', `cursor id ${id} not found`);
}

export class CursorStore {
  /** Least recently used first. */
  private readonly open = new Map<bigint, OpenCursor>();
  private readonly retired: () => number;
  private retiredAtRelease = 0;

  /** `retired` tells how many bytes of documents were replaced or removed so far. */
  constructor(retired: () => number) {
    this.retired = retired;
  }

  get size(): number {
    return this.open.size;
  }

  get(id: bigint): OpenCursor | undefined {
    return this.open.get(id);
  }

  /** Answers with the first batch and keeps the rest, if there is any. */
  reply(source: CursorSource, batchSize: number, { singleBatch = false } = {}): Reply {
    const cursor: OpenCursor = {
      ...source,
      id: 0n,
      lastUsed: Date.now(),
      retiredBefore: this.retired(),
      held: undefined,
      isExhausted: false,
    };
    const documents = takeBatch(cursor, batchSize, !singleBatch);
    if (!cursor.isExhausted && !singleBatch) {
      cursor.id = newId();
      cursor.time.pause();
      this.keep(cursor);
    }
    const { id, namespace } = cursor;
    return { fields: {}, cursor: { batchName: 'firstBatch', id, namespace, documents } };
  }

  next(cursor: OpenCursor, batchSize: number): Reply {
    this.open.delete(cursor.id);
    cursor.time.resume();
    cursor.lastUsed = Date.now();
    // A cursor that fails half-way is gone.
    const documents = takeBatch(cursor, batchSize, true);
    cursor.time.pause();
    if (!cursor.isExhausted) this.keep(cursor);
    const id = cursor.isExhausted ? 0n : cursor.id;
    return { fields: {}, cursor: { batchName: 'nextBatch', id, namespace: cursor.namespace, documents } };
  }

  kill(id: bigint): boolean {
    return this.open.delete(id);
  }

  killSession(session: string): void {
    for (const cursor of this.open.values()) if (cursor.session === session) this.open.delete(cursor.id);
  }

  killIdle(now = Date.now()): void {
    for (const cursor of this.open.values()) {
      if (now - cursor.lastUsed > (cursor.noTimeout ? SESSION_MS : IDLE_MS)) this.open.delete(cursor.id);
    }
  }

  /** Closes cursors for whose sake too much is kept that was replaced or removed since they were opened. */
  release(): void {
    const retired = this.retired();
    if (this.open.size === 0 || retired - this.retiredAtRelease < RELEASE_STEP_BYTES) return;
    this.retiredAtRelease = retired;
    for (const { id, retiredBefore } of this.open.values()) {
      if (retired - retiredBefore > MAX_RETAINED_BYTES) this.open.delete(id);
    }
  }

  private keep(cursor: OpenCursor): void {
    this.open.set(cursor.id, cursor);
    if (this.open.size > MAX_CURSORS) this.open.delete(this.open.keys().next().value!);
  }
}

function newId(): bigint {
  return (randomBytes(8).readBigUInt64LE() >> 2n) + 1n;
}

/** At most as many bytes as one document may have; one that does not fit any more waits for the next batch. */
function takeBatch(cursor: OpenCursor, batchSize: number, looksAhead: boolean): Uint8Array[] {
  const documents: Uint8Array[] = [];
  let bytes = 0;
  while (documents.length < batchSize) {
    const document = takeOne(cursor);
    if (!document) return documents;
    if (documents.length > 0 && bytes + document.length > MAX_BATCH_BYTES) {
      cursor.held = document;
      return documents;
    }
    documents.push(document);
    bytes += document.length;
  }
  // Knowing that nothing follows saves the client a round trip.
  if (looksAhead && batchSize > 0 && !cursor.tail) cursor.held = takeOne(cursor);
  return documents;
}

function takeOne(cursor: OpenCursor): Uint8Array | undefined {
  if (cursor.held) {
    const { held } = cursor;
    cursor.held = undefined;
    return held;
  }
  const next = cursor.documents.next();
  if (!next.done) return next.value;
  cursor.isExhausted = !cursor.tail;
  return undefined;
}
