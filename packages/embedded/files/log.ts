/**
 * A log of records in one file that only grows at its end, and is rewritten when most of it is history.
 *
 * A group of records is one frame (see frame.ts). Frames reach the kernel before `commit` returns, so a process that is
 * killed loses nothing it acknowledged; the disk itself is told to sync once a second, as Redis does by default, so a
 * power cut may take the last second.
 */
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fileError, LogWriteError } from './errors.ts';
import { encodeFrame, FILE_HEADER } from './frame.ts';
import { recover } from './recover.ts';

export interface LogOptions {
  path: string;
  /** Called at opening for each record of the file, in order. */
  replay(record: Buffer): void;
  /** The records that give today's state; the log is rewritten from them when it has grown past use. */
  snapshot(): Iterable<Uint8Array>;
  warn?: ((message: string) => void) | undefined;
  /** Bytes under which the log is never rewritten. */
  compactAbove?: number;
}

export interface RecordLog {
  /** Adds a record to the group that the next commit writes. */
  append(record: Uint8Array): void;
  /**
   * Writes what was appended since the last commit as one group: after a crash it is there as a whole or not at all.
   * Once it returns, kill -9 loses nothing of it. When the disk refuses, it throws a LogWriteError and keeps the
   * group for the next try.
   */
  commit(): void;
  /** To be called before a change is made: throws a LogWriteError as long as an earlier group cannot be written. */
  ensureWritable(): void;
  close(): Promise<void>;
}

const SYNC_EVERY_MS = 1000;
const COMPACT_ABOVE = 16 * 1024 * 1024;
/** Records of a rewrite are gathered into frames of about this size. */
const REWRITE_FRAME_BYTES = 1024 * 1024;

export function openLog(options: LogOptions): RecordLog {
  const { path, warn = () => {} } = options;
  const compactAbove = options.compactAbove ?? COMPACT_ABOVE;
  let { fd, size } = openForAppend(options);
  /** What the log held when it was last rewritten, or opened: history is what came on top of it. */
  let sizeAfterRewrite = Math.max(size, compactAbove / 2);
  let pending: Uint8Array[] = [];
  let unsynced = false;
  let syncing: Promise<void> | undefined;

  function commit(): void {
    if (pending.length === 0) return;
    const frame = encodeFrame(pending, size);
    size += writeWhole(fd, path, frame, size);
    pending = [];
    unsynced = true;
    if (size > compactAbove && size > 2 * sizeAfterRewrite) rewrite();
  }

  function rewrite(): void {
    const next = `${path}.next`;
    try {
      const written = writeSnapshot(next, options.snapshot());
      renameSync(next, path);
      syncFolder(dirname(path));
      const old = fd;
      fd = openSync(path, 'r+');
      size = written;
      closeOnceSynced(old);
    } catch (error) {
      // The old log is whole and goes on; the next try waits until it has doubled again.
      rmSync(next, { force: true });
      warn(`${path} could not be rewritten and goes on growing: ${(error as Error).message}`);
    }
    sizeAfterRewrite = Math.max(size, compactAbove / 2);
  }

  function closeOnceSynced(old: number): void {
    if (syncing) void syncing.then(() => closeSync(old));
    else closeSync(old);
  }

  function sync(): void {
    if (!unsynced || syncing) return;
    unsynced = false;
    syncing = new Promise((resolve) => {
      fdatasync(fd, (error) => {
        if (error) warn(fileError(path, error, 'could not be synced to disk').message);
        syncing = undefined;
        resolve();
      });
    });
  }
  const timer = setInterval(sync, SYNC_EVERY_MS);
  timer.unref();

  return {
    append: (record) => {
      pending.push(record);
    },
    commit,
    ensureWritable: commit,
    close: async () => {
      clearInterval(timer);
      await syncing;
      try {
        commit();
        fdatasyncSync(fd);
      } finally {
        closeSync(fd);
      }
    },
  };
}

function openForAppend({ path, replay, warn = () => {} }: LogOptions): { fd: number; size: number } {
  rmSync(`${path}.next`, { force: true });
  let fd: number;
  try {
    fd = openSync(path, 'a+');
    closeSync(fd);
    fd = openSync(path, 'r+');
  } catch (error) {
    throw fileError(path, error, 'cannot be opened for writing');
  }
  try {
    const end = recover(fd, path, replay, warn);
    if (end > 0) return { fd, size: end };
    return { fd, size: writeWhole(fd, path, FILE_HEADER, 0) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Writes all of it at the given place, or cuts the file back to where it was and throws. */
function writeWhole(fd: number, path: string, bytes: Uint8Array, position: number): number {
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  } catch (error) {
    if (fstatSync(fd).size > position) ftruncateSync(fd, position);
    throw new LogWriteError(path, error as NodeJS.ErrnoException);
  }
  return done;
}

function writeSnapshot(path: string, records: Iterable<Uint8Array>): number {
  const fd = openSync(path, 'w');
  try {
    let size = writeWhole(fd, path, FILE_HEADER, 0);
    let group: Uint8Array[] = [];
    let groupBytes = 0;
    const flush = () => {
      if (group.length > 0) size += writeWhole(fd, path, encodeFrame(group, size), size);
      group = [];
      groupBytes = 0;
    };
    for (const record of records) {
      group.push(record);
      groupBytes += record.length;
      if (groupBytes >= REWRITE_FRAME_BYTES) flush();
    }
    flush();
    fdatasyncSync(fd);
    return size;
  } finally {
    closeSync(fd);
  }
}

/** A rename is on disk only when its folder is. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
