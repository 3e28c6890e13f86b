/** Writes to the log what commands did, once for all that ran together. */
import { LogWriteError } from '../files/errors.ts';
import { type LogOptions, openLog, type RecordLog } from '../files/log.ts';
import { encodeRecord } from './record.ts';

/** While the log is replayed, what the commands do is not recorded again. */
const NO_LOG: RecordLog = { append() {}, commit() {}, ensureWritable() {}, async close() {} };

export class Journal {
  readonly #warn: (message: string) => void;
  #log = NO_LOG;
  #failing = false;
  #writtenThisTurn = false;
  /** How many effects of commands were recorded so far. */
  recorded = 0;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  open(options: LogOptions): void {
    this.#log = openLog(options);
  }

  /** Whether the last write to disk was refused. */
  get failing(): boolean {
    return this.#failing;
  }

  record(database: number, args: readonly string[]): void {
    this.recorded++;
    this.#log.append(encodeRecord(database, args));
  }

  /** An expiry is recorded, so that a replay need not know the time; no reply depends on it. */
  recordExpiry(database: number, key: string): void {
    this.#log.append(encodeRecord(database, ['DEL', key]));
  }

  /** Why a change may not be made now, as an error message; undefined when it may. */
  refusal(): string | undefined {
    if (this.#writtenThisTurn && !this.#failing) return undefined;
    this.#writtenThisTurn = true;
    return this.#attempt(() => this.#log.ensureWritable());
  }

  /** Writes what was recorded; why that failed, if it did. */
  commit(): string | undefined {
    this.#writtenThisTurn = false;
    return this.#attempt(() => this.#log.commit());
  }

  async close(): Promise<void> {
    await this.#log.close();
  }

  #attempt(write: () => void): string | undefined {
    try {
      write();
      this.#failing = false;
      return undefined;
    } catch (error) {
      // The disk refuses: reads go on, and each write tells its client.
      const { message } = error as Error;
      if (!this.#failing) this.#warn(message);
      this.#failing = true;
      return `MISCONF Errors writing to the AOF file${describe(error)}`;
    }
  }
}

function describe(error: unknown): string {
  if (!(error instanceof LogWriteError)) return `: ${(error as Error).message}`;
  return ` ${error.path}: ${error.message.split(' cannot be written: ').at(-1)}`;
}
