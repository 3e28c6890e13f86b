/** One supergraph with what is made of it once, ready to run operations. */
import type { EventExecutor } from '../execute/executor.ts';
import type { Supergraph } from '../supergraph/load.ts';
import type { Pricing } from './cost.ts';
import type { Documents } from './documents.ts';

export interface Served {
  supergraph: Supergraph;
  documents: Documents;
  pricing: Pricing;
  executor: EventExecutor;
}
