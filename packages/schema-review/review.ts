/** Reviews head against base: everything that a reviewer is told. */
import type { OperationPlan } from './cost/plan.ts';
import type { Finding } from './finding.ts';
import type { Layout } from './repository/layout.ts';
import type { Snapshot } from './snapshot.ts';

export type { Layout };

export interface ReviewOptions {
  layout?: Partial<Layout>;
  /** Where results are kept by content; undefined keeps nothing. */
  cacheDir?: string;
  /** The built worker; without it both sides are composed in this thread, one after the other. */
  worker?: URL;
  onProgress?: (progress: Progress) => void;
  /** House rules that do not hold here, by code, each with its reason. */
  rulesOff?: Readonly<Record<string, string>>;
  /** Tags of contract variants: see variants/. */
  variants?: readonly VariantOption[];
}

export interface VariantOption {
  name: string;
  include?: readonly string[];
  exclude?: readonly string[];
}

export interface Progress {
  phase: 'read' | 'compose' | 'plan' | 'compare';
  done: number;
  total: number;
}

export interface Review {
  base: Snapshot;
  head: Snapshot;
  /** Whether head does. */
  composes: boolean;
  /** Worst first; what is used before what is not. */
  findings: Finding[];
  /** What got worse first. */
  operations: OperationCost[];
  /** Milliseconds by phase. */
  timings: Readonly<Record<string, number>>;
  variants: string[];
}

export interface OperationCost {
  client: string;
  name: string;
  file: string;
  /** Not there if it is new, or was not valid. */
  before?: Figures;
  /** Not there if it is gone, or is not valid any more. */
  after?: Figures;
}

export interface Figures {
  plan: OperationPlan;
  /** By @cost and @listSize, with the variables of its budget. */
  cost: number;
}
