/**
 * A turn: all commands that arrived together, of all connections. What they changed is written to the log once, and
 * only then do their replies go out. So a reply is never ahead of the disk, and many writers share one write.
 */
import type { Client } from './client.ts';

export interface TurnHooks {
  /** Writes what was changed to disk; the encoded error for those who changed it, if that failed. */
  commit(): string | undefined;
  /** Runs the commands that a client had waiting. */
  resume(client: Client): void;
  flushed(client: Client): void;
}

export class Turn {
  readonly #hooks: TurnHooks;
  #speakers = new Set<Client>();
  #resumed = new Set<Client>();
  #scheduled = false;

  constructor(hooks: TurnHooks) {
    this.#hooks = hooks;
  }

  /** The client has got replies that are to go out. */
  speaks(client: Client): void {
    this.#speakers.add(client);
    this.schedule();
  }

  /** The client's commands are to be taken up again. */
  resume(client: Client): void {
    this.#resumed.add(client);
    this.schedule();
  }

  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.end());
  }

  end(): void {
    this.#scheduled = false;
    const resumed = this.#resumed;
    this.#resumed = new Set();
    for (const client of resumed) this.#hooks.resume(client);
    const diskError = this.#hooks.commit();
    const speakers = this.#speakers;
    this.#speakers = new Set();
    for (const client of speakers) {
      client.flush(diskError);
      this.#hooks.flushed(client);
    }
  }
}
