/** The heavy part of one side: composing, and planning its operations. In: texts; out: plain data. */
import {
  buildSupergraph,
  type Composed,
  type Composition,
  composeSubgraphs,
  type SubgraphInput,
} from '../composition/compose.ts';
import type { OperationPlan } from '../cost/plan.ts';
import { createPlanner } from '../cost/planner.ts';

export interface Job {
  subgraphs: readonly SubgraphInput[];
  /** Composed before. */
  composition?: Composition;
  /** Operations that are not planned yet, each with its fragments. */
  operations: readonly string[];
}

/** By the operation's text; null for what is not valid. */
export type Plans = Record<string, OperationPlan | null>;

export interface Prepared {
  composition: Composition;
  plans: Plans;
}

export type OnPlanned = (done: number) => void;

export function prepare(job: Job, onPlanned: OnPlanned = () => {}): Prepared {
  const { composition, built } = job.composition ? rebuild(job.composition) : composeSubgraphs(job.subgraphs);
  const plans: Plans = {};
  if (!built || job.operations.length === 0) return { composition, plans };
  const plan = createPlanner(built);
  for (const [index, operation] of job.operations.entries()) {
    plans[operation] = plan(operation) ?? null;
    onPlanned(index + 1);
  }
  return { composition, plans };
}

function rebuild(composition: Composition): Composed {
  const { supergraphSdl: sdl } = composition;
  return sdl === undefined ? { composition } : { composition, built: buildSupergraph(sdl) };
}
