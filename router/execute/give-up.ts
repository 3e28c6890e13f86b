/**
 * Tells whoever works on a request that nobody waits for it any more. Nearly every request ends without it, and a true
 * AbortController for each would cost as much as all else that is done for a small one.
 */
export interface GiveUp {
  readonly aborted: boolean;
  abort(): void;
  /** As an AbortSignal has them. */
  addEventListener(event: 'abort', listener: () => void): void;
  removeEventListener(event: 'abort', listener: () => void): void;
  /** The same as a true signal, made when somebody asks for it. */
  readonly signal: AbortSignal;
}

export function createGiveUp(): GiveUp {
  return new Flag();
}

/** A class, since one is made for each request: its functions are then made once. */
class Flag implements GiveUp {
  aborted = false;
  #listeners: (() => void)[] = [];
  #controller: AbortController | undefined;

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.#controller?.abort();
    for (const listener of this.#listeners.splice(0)) listener();
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.aborted) this.#controller.abort();
    return this.#controller.signal;
  }
}
