/** How the front door behaves towards clients, whatever is behind it. */
import type { CorsOptions } from './cors.ts';

export interface HttpOptions {
  /** Without it no page of another site may ask. */
  cors?: CorsOptions | undefined;
  compression: boolean;
  /** Operations in one request; 0 takes no batches. */
  maxBatch: number;
}

export const HTTP_DEFAULTS: HttpOptions = { compression: true, maxBatch: 0 };
