/** Makes the demo shop live: simulated shoppers and staff do something every second or two, until they are stopped. */
import { setTimeout as passes } from 'node:timers/promises';
import type { Log } from '@souk/kit/observe/log';
import { createRandom, type Random } from '../random.ts';
import { findPlaces } from './places.ts';
import { type Act, type Play, ROUND } from './play.ts';
import { countQuestions } from './questions.ts';
import { type Ask, type StagedProduct, setStage } from './stage.ts';

export interface LivelyOptions {
  ask: Ask;
  log: Log;
  random?: Random;
  /** Between two acts, in ms: at least the first, less than the second. */
  pause?: readonly [least: number, most: number];
}

export interface Lively {
  /** Where most of it happens. */
  busiest: StagedProduct;
  stop(): Promise<void>;
}

/** So each of thirty-six shoppers posts some eighteen times an hour; twenty are allowed. */
const PAUSE_MS = [800, 2_200] as const;

export async function startLively(options: LivelyOptions): Promise<Lively> {
  const { ask, log, random = createRandom(Date.now()), pause = PAUSE_MS } = options;
  const stage = await setStage(ask);
  const [places, questions] = await Promise.all([findPlaces(ask, stage, random), countQuestions(ask, stage)]);
  const play: Play = { ask, stage, random, places, questions };
  const stopping = new AbortController();
  const { signal } = stopping;

  const run = async () => {
    let left: Act[] = [];
    while (!signal.aborted) {
      if (left.length === 0) left = random.shuffled(ROUND);
      const act = left.pop()!;
      try {
        await act(play);
      } catch (error) {
        // A store may be away for a moment. Nothing hangs on any one act.
        log.warn({ err: error }, 'What a simulated person did failed');
      }
      const [least, most] = pause;
      const wait = least + random.integer(Math.max(1, most - least));
      await passes(wait, undefined, { signal }).catch(() => {
        // Told to stop.
      });
    }
  };
  const running = run();
  return {
    busiest: stage.products[0]!,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
