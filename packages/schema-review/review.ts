/** Reviews head against base: everything that a reviewer is told. */
import { findAuth } from './auth/find.ts';
import { findChanges } from './changes/find.ts';
import { findComposition } from './composition/findings.ts';
import { costsOf, type Figures, findCosts, type OperationCost } from './cost/compare.ts';
import type { Finding, Level } from './finding.ts';
import { impactOn } from './impact/impact.ts';
import { findRefused } from './impact/refused.ts';
import { type Kept, keepNothing } from './prepare/kept.ts';
import { readRepository } from './repository.ts';
import { houseRules } from './rules/house-rules.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import type { Sides } from './sides.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import type { Source } from './source.ts';
import { reviewVariants, type VariantOptions } from './variants/variants.ts';

export type { Figures, OperationCost };

export interface ReviewOptions {
  /** Head's. */
  settings?: Settings;
  /** Base's; head's when not said. */
  baseSettings?: Settings;
  /** Results by their content; nothing is kept when not said. */
  kept?: Kept;
  /** The built worker; without it both sides are composed in this thread, one after the other. */
  worker?: URL;
  onProgress?: (progress: Progress) => void;
  /** ISO date, for what is due. */
  today?: string;
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

export async function review(base: Source, head: Source, options: ReviewOptions = {}): Promise<Review> {
  const { settings = DEFAULT_SETTINGS, baseSettings = settings, today } = options;
  const clock = createClock();
  const sides = await clock('prepare', () => snapshots(base, head, { ...options, settings }));
  options.onProgress?.({ phase: 'compare', done: 0, total: 1 });
  const costs = costsOf(sides.base, sides.head);
  const findings = await clock('compare', async () => [
    ...findComposition(sides.base, sides.head),
    ...(await comparisons(sides, { before: baseSettings.variants, after: settings.variants })),
    ...findCosts(sides.base, sides.head, costs),
  ]);
  const rules = await clock('rules', async () =>
    houseRules(sides.head, sides.base, { settings: settings.rules, ...(today !== undefined && { today }) }),
  );
  options.onProgress?.({ phase: 'compare', done: 1, total: 1 });
  return {
    ...sides,
    composes: sides.head.composed !== undefined,
    findings: [...findings, ...rules].sort(worstFirst),
    operations: costs,
    timings: clock.timings,
    variants: Object.keys(settings.variants),
  };
}

async function snapshots(base: Source, head: Source, options: ReviewOptions & { settings: Settings }) {
  const { settings, worker, kept = keepNothing, onProgress = () => {} } = options;
  onProgress({ phase: 'read', done: 0, total: 2 });
  const repositories = await Promise.all([
    readRepository(base, options.baseSettings ?? settings),
    readRepository(head, settings),
  ]);
  onProgress({ phase: 'read', done: 2, total: 2 });
  const total = repositories.reduce((sum, { operations }) => sum + operations.length, 0);
  const planned = [0, 0];
  let composed = 0;
  onProgress({ phase: 'compose', done: 0, total: 2 });
  const underWay = new Map();
  const [before, after] = await Promise.all(
    repositories.map(async (repository, side) => {
      const onPlanned = (done: number) => {
        planned[side] = done;
        onProgress({ phase: 'plan', done: planned[0]! + planned[1]!, total });
      };
      const { name } = side === 0 ? base : head;
      const snapshot = await takeSnapshot(name, repository, { kept, underWay, worker, onPlanned });
      composed += 1;
      onProgress({ phase: 'compose', done: composed, total: 2 });
      return snapshot;
    }),
  );
  return { base: before!, head: after! };
}

/** Needs both sides: of what does not compose nobody can say what clients see. */
async function comparisons(
  { base, head }: Pick<Sides, 'base' | 'head'>,
  variants: VariantOptions,
): Promise<Finding[]> {
  if (!base.composed || !head.composed) return [];
  const sides: Sides = { base, head, before: base.composed, after: head.composed };
  const { operations, usage } = base.repository;
  const impact = impactOn(
    operations,
    sides.before.apiSchema,
    sides.after.apiSchema,
    head.repository.usage ?? usage,
  );
  const found = [...(await findChanges(sides, impact)), ...findAuth(sides, impact)];
  found.push(...findRefused(sides, impact, found));
  return [...found, ...(await reviewVariants(sides, variants, found))];
}

const LEVELS: readonly Level[] = ['breaking', 'risky', 'safe'];

function worstFirst(a: Finding, b: Finding): number {
  const byLevel = LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level);
  const byUse = Number(isUnused(a)) - Number(isUnused(b));
  return byLevel || byUse || requestsOf(b) - requestsOf(a);
}

const isUnused = ({ usedBy }: Finding): boolean => usedBy?.length === 0;

const requestsOf = ({ usedBy = [] }: Finding): number =>
  usedBy.reduce((sum, { count = 0 }) => sum + count, 0);

function createClock() {
  const timings: Record<string, number> = {};
  const clock = async <T>(phase: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    timings[phase] = Math.round(performance.now() - started);
    return result;
  };
  return Object.assign(clock, { timings });
}
