/**
 * Open cursors: results that a client takes batch by batch. A cursor is a suspended walk over the collection as it
 * stood when it was opened (a snapshot shares the trees, see storage/btree.ts), so it neither skips nor repeats a
 * document whatever is written meanwhile, and holds no result before it is asked for.
 */
import { randomBytes } from 'node:crypto';
import { MongoError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import { type Deadline, noDeadline } from '../storage/deadline.ts';
import type { Reply } from './reply.ts';

export interface CursorSource {
  namespace: string;
  documents: Iterator<Uint8Array>;
  /** The deadline that the walk asks; replaced at every getMore. */
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
  /** Taken from the walk, and not fitting into the last batch. */
  held: Uint8Array | undefined;
  isExhausted: boolean;
}

/** Lets a walk that outlives its command have the deadline of the command that drives it. */
export class CursorTime implements Deadline {
  current: Deadline;
  constructor(current: Deadline) {
    this.current = current;
  }
  check(): void {
    this.current.check();
  }
}

export const DEFAULT_FIRST_BATCH = 101;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
const IDLE_MS = 10 * 60_000;
/** Cursors that must not time out end with their session, which lives so long without being used. */
const SESSION_MS = 30 * 60_000;
/** Beyond so many, the one that was idle longest is closed. */
const MAX_CURSORS = 10_000;

export function cursorNotFound(id: bigint): MongoError {
  return new MongoError(43, 'CursorNotFound', `cursor id ${id} not found`);
}

export class CursorStore {
  /** Least recently used first. */
  private readonly open = new Map<bigint, OpenCursor>();

  get size(): number {
    return this.open.size;
  }

  get(id: bigint): OpenCursor | undefined {
    return this.open.get(id);
  }

  /** Answers with the first batch and keeps the rest, if there is any. */
  reply(source: CursorSource, batchSize: number, options: { singleBatch?: boolean } = {}): Reply {
    const cursor: OpenCursor = {
      ...source,
      id: newId(),
      lastUsed: Date.now(),
      held: undefined,
      isExhausted: false,
    };
    const documents = takeBatch(cursor, batchSize, options.singleBatch !== true);
    const stays = !cursor.isExhausted && options.singleBatch !== true;
    if (stays) this.keep(cursor);
    return {
      fields: {},
      cursor: { batchName: 'firstBatch', id: stays ? cursor.id : 0n, namespace: source.namespace, documents },
    };
  }

  next(cursor: OpenCursor, batchSize: number, deadline: Deadline): Reply {
    this.open.delete(cursor.id);
    cursor.time.current = deadline;
    cursor.lastUsed = Date.now();
    // A cursor that fails half-way is gone.
    const documents = takeBatch(cursor, batchSize, true);
    cursor.time.current = noDeadline;
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
