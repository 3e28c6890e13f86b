/** What the log and the metrics tell of a request; filled in as far as it got. */
import type { Viewer } from '@souk/kit/auth/viewer';
import type { SubgraphFetch } from './execute/executor.ts';

export interface Trail {
  requestId: string;
  operation?: { name: string | undefined; kind: string; hash: string };
  viewer?: Viewer;
  fetches: SubgraphFetch[];
  /** Codes of all errors that the client was told. */
  errors: string[];
  withheld: number;
  /** Whether the plan was there, and how long making it took. */
  plan?: { isKept: boolean; seconds: number };
  /** Whether its client may be told how it was run, and asked for that. */
  isExplained?: boolean;
  /** As estimated before it ran. */
  cost?: number;
}

export function newTrail(requestId: string): Trail {
  return { requestId, fetches: [], errors: [], withheld: 0 };
}
