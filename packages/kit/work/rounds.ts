/** Work in rounds that goes on until it is stopped: now when woken, now and then when not, ever later when it fails. */
import { setTimeout as passes } from 'node:timers/promises';

/** What a round left: nothing to do, more to do, or somebody else at it. */
export type RoundOutcome = 'done' | 'more' | 'busy';

export interface RoundsOptions {
  /** A round that lasts calls `goesWell` once it works. */
  round(signal: AbortSignal, goesWell: () => void): Promise<RoundOutcome>;
  /** Looks again after this time, though nobody woke it. */
  everyMs: number;
  /** Asked again after this time when somebody else was at it. */
  busyMs: number;
  /** Told of each failure, with how many there were in a row. */
  failed(error: unknown, times: number): void;
  /** Told when a round went well after others had failed. */
  recovered?(): void;
}

export interface Rounds {
  wake(): void;
  /** Since when every round has failed, in milliseconds since 1970. */
  failingSince(): number | undefined;
  /** Lets the running round end. */
  stop(): Promise<void>;
}

const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 5_000;

export function startRounds({ round, everyMs, busyMs, failed, recovered }: RoundsOptions): Rounds {
  const stopping = new AbortController();
  const { signal } = stopping;
  let woken = false;
  let rouse = () => {};
  let failures = 0;
  let failingSince: number | undefined;

  const rest = async (ms: number, mayBeWoken: boolean) => {
    if (mayBeWoken && woken) return;
    const waking = new AbortController();
    if (mayBeWoken) rouse = () => waking.abort();
    // Ends early when woken or stopped, which is no fault.
    await passes(ms, undefined, { signal: AbortSignal.any([signal, waking.signal]) }).catch(() => {});
    rouse = () => {};
  };

  const goesWell = () => {
    if (failures > 0) recovered?.();
    failures = 0;
    failingSince = undefined;
  };

  const run = async () => {
    while (!signal.aborted) {
      woken = false;
      let waitMs = 0;
      let isFailing = false;
      try {
        const outcome = await round(signal, goesWell);
        goesWell();
        if (outcome === 'done') waitMs = everyMs;
        if (outcome === 'busy') waitMs = busyMs;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        failingSince ??= Date.now();
        // Told to the caller; the round comes again.
        failed(error, failures);
        isFailing = true;
        const most = Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), LONGEST_BACK_OFF_MS);
        // Several processes lost the same server and must not all come back at once.
        waitMs = most * (0.5 + Math.random() / 2);
      }
      if (waitMs > 0) await rest(waitMs, !isFailing);
    }
  };

  const running = run();
  return {
    wake: () => {
      woken = true;
      rouse();
    },
    failingSince: () => failingSince,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
