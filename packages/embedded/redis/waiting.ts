/**
 * Connections that wait for a key, such as BLPOP on an empty list. Those that wait for the same key are served in the
 * order in which they came, after the command that changed the key has ended.
 */
import type { Client } from './client.ts';
import { DATABASES } from './keyspace/keyspace.ts';
import { error, type Reply } from './protocol/reply.ts';

export interface Wait {
  readonly client: Client;
  readonly database: number;
  readonly keys: readonly string[];
  /** Runs the command again; undefined when it still has to wait. */
  readonly attempt: () => Reply | undefined;
  readonly onTimeout: Reply;
}

export interface WaitingRoomHooks {
  /** The wait is over: the reply is to be sent, and the client's next commands are to be run. */
  ended(client: Client, reply: Reply): void;
  /** Runs an attempt as a command of its own; it answers the client when it comes to an end. */
  serve(wait: Wait): boolean;
}

export class WaitingRoom {
  readonly #hooks: WaitingRoomHooks;
  readonly #waitingFor = Array.from({ length: DATABASES }, () => new Map<string, Set<Wait>>());
  readonly #waits = new Map<Client, { wait: Wait; timer: NodeJS.Timeout | undefined }>();
  #ready = new Map<string, { database: number; key: string }>();

  constructor(hooks: WaitingRoomHooks) {
    this.#hooks = hooks;
  }

  get size(): number {
    return this.#waits.size;
  }

  /** A timeout of 0 waits for ever. */
  enter(wait: Wait, timeoutMs: number): void {
    const { client, database, keys } = wait;
    client.blocked = true;
    const timer = timeoutMs > 0 ? this.#endAfter(wait, timeoutMs) : undefined;
    this.#waits.set(client, { wait, timer });
    for (const key of keys) {
      const waits = this.#waitingFor[database]!.get(key);
      if (waits) waits.add(wait);
      else this.#waitingFor[database]!.set(key, new Set([wait]));
    }
  }

  /** Forgets the client; whether it was waiting. */
  leave(client: Client): boolean {
    const entered = this.#waits.get(client);
    if (!entered) return false;
    clearTimeout(entered.timer);
    this.#waits.delete(client);
    client.blocked = false;
    const { wait } = entered;
    const waitingFor = this.#waitingFor[wait.database]!;
    for (const key of wait.keys) {
      const waits = waitingFor.get(key);
      waits?.delete(wait);
      if (waits?.size === 0) waitingFor.delete(key);
    }
    return true;
  }

  /** CLIENT UNBLOCK: ends the wait as if its time were over, or with an error. */
  unblock(client: Client, how: 'timeout' | 'error'): boolean {
    const wait = this.#waits.get(client)?.wait;
    if (!wait || !this.leave(client)) return false;
    const reply = how === 'timeout' ? wait.onTimeout : error('UNBLOCKED client unblocked via CLIENT UNBLOCK');
    this.#hooks.ended(client, reply);
    return true;
  }

  touched(database: number, key: string): void {
    const waitingFor = this.#waitingFor[database]!;
    if (waitingFor.size === 0 || !waitingFor.has(key)) return;
    this.#ready.set(`${database} ${key}`, { database, key });
  }

  keysIn(database: number): string[] {
    return [...this.#waitingFor[database]!.keys()];
  }

  /** Serves those whose keys have changed; serving one may change the key that another waits for. */
  serveReady(): void {
    while (this.#ready.size > 0) {
      const ready = this.#ready;
      this.#ready = new Map();
      for (const { database, key } of ready.values()) {
        for (const wait of [...(this.#waitingFor[database]!.get(key) ?? [])]) {
          if (this.#waits.get(wait.client)?.wait === wait) this.#serve(wait);
        }
      }
    }
  }

  /** Who was cut off a moment ago must not be given what the next one could have. */
  #serve(wait: Wait): void {
    if (wait.client.closed || this.#hooks.serve(wait)) this.leave(wait.client);
  }

  #endAfter(wait: Wait, timeoutMs: number): NodeJS.Timeout {
    // A timer of Node ends at 2^31 ms; who waits for weeks is put to wait again.
    const step = Math.min(timeoutMs, 2 ** 31 - 1);
    return setTimeout(() => {
      const left = timeoutMs - step;
      const entered = this.#waits.get(wait.client);
      if (left > 0 && entered) entered.timer = this.#endAfter(wait, left);
      else if (this.leave(wait.client)) this.#hooks.ended(wait.client, wait.onTimeout);
    }, step);
  }
}
