/**
 * Tells whoever works on a request that nobody waits for it any more. Nearly every request ends without it, and a true
 * AbortController for each would cost as much as all else that is done for a small one.
 */
export interface GiveUp {
  readonly aborted: boolean;
  abort(): void;
  /** As an AbortSignal has them, which is all that undici asks of a signal. */
  addEventListener(event: 'abort', listener: () => void): void;
  removeEventListener(event: 'abort', listener: () => void): void;
  /** The same as a true signal, made when somebody asks for it. */
  readonly signal: AbortSignal;
}

export function createGiveUp(): GiveUp {
  const listeners: (() => void)[] = [];
  let aborted = false;
  let controller: AbortController | undefined;
  return {
    get aborted() {
      return aborted;
    },
    abort: () => {
      if (aborted) return;
      aborted = true;
      controller?.abort();
      for (const listener of listeners.splice(0)) listener();
    },
    addEventListener: (_, listener) => {
      listeners.push(listener);
    },
    removeEventListener: (_, listener) => {
      const at = listeners.indexOf(listener);
      if (at >= 0) listeners.splice(at, 1);
    },
    get signal() {
      controller ??= new AbortController();
      if (aborted) controller.abort();
      return controller.signal;
    },
  };
}
