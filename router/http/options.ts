/** How the front door behaves towards clients, whatever is behind it. */
import type { CorsOptions } from './cors.ts';
import type { QueueOptions } from './queue.ts';

export interface HttpOptions {
  /** Without it no page of another site may ask. */
  cors?: CorsOptions | undefined;
  compression: boolean;
  /** Operations in one request; 0 takes no batches. */
  maxBatch: number;
  queue: QueueOptions;
}

export const HTTP_DEFAULTS: HttpOptions = {
  compression: true,
  maxBatch: 0,
  queue: { maxRunning: 512, maxWaiting: 1_024, maxWaitMs: 5_000 },
};
