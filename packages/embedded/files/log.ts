export interface LogOptions {
  path: string;
  /** Called at opening for each record of the file, in order. */
  replay(record: Buffer): void;
  /** The records that give today's state; the log is rewritten from them when it has grown past use. */
  snapshot(): Iterable<Uint8Array>;
  warn?: (message: string) => void;
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
