/**
 * A plan as a graph: each step knows which steps it waits for, and all whose turn has come run side by side. Entity
 * fetches to one subgraph that wait for the same steps become one step, which is one request.
 */
import type { EntityFetch, EntityPart, Plan, PlanNode, RootFetch } from '../../plan/plan.ts';
import type { Conditions } from './conditions.ts';

export type Step = RootStep | EntityStep;

interface Waiting {
  /** Indexes of steps. */
  waitsFor: readonly number[];
}

export interface RootStep extends Waiting {
  kind: 'root';
  fetch: RootFetch;
}

export interface EntityStep extends Waiting {
  kind: 'entities';
  /** To the same subgraph; of each other's text only where they select the same. */
  fetches: readonly EntityFetch[];
}

interface Draft {
  fetch: RootFetch | EntityFetch;
  waitsFor: ReadonlySet<number>;
}

export function fetchGraph(plan: Plan, conditions: Conditions): Step[] {
  const drafts: Draft[] = [];
  if (plan) place(plan, new Set());
  return grouped(drafts);

  /** Which drafts whatever comes after the node waits for. */
  function place(node: PlanNode, waitsFor: ReadonlySet<number>): ReadonlySet<number> {
    switch (node.kind) {
      case 'sequence':
        return node.nodes.reduce<ReadonlySet<number>>((before, child) => place(child, before), waitsFor);
      case 'parallel': {
        const ends = node.nodes.map((child) => place(child, waitsFor));
        return ends.length === 0 ? waitsFor : new Set(ends.flatMap((end) => [...end]));
      }
      case 'condition': {
        const chosen = conditions.get(node.variable) ? node.whenTrue : node.whenFalse;
        return chosen ? place(chosen, waitsFor) : waitsFor;
      }
      default:
        drafts.push({ fetch: node, waitsFor });
        return new Set([drafts.length - 1]);
    }
  }
}

function grouped(drafts: readonly Draft[]): Step[] {
  const groupOf = new Map<string, number>();
  const members: Draft[][] = [];
  const stepOfDraft: number[] = [];
  const stepsOf = (waitsFor: ReadonlySet<number>) => [
    ...new Set([...waitsFor].map((draft) => stepOfDraft[draft]!)),
  ];
  // A draft comes after those that it waits for, so that their steps are known.
  drafts.forEach((draft, index) => {
    stepOfDraft.push(stepOf(draft, index));
  });

  function stepOf(draft: Draft, index: number): number {
    const { fetch, waitsFor } = draft;
    const key =
      fetch.kind === 'root' ? `${index}` : `${fetch.subgraph} ${stepsOf(waitsFor).sort().join(' ')}`;
    const known = groupOf.get(key);
    if (known !== undefined) {
      members[known]!.push(draft);
      return known;
    }
    groupOf.set(key, members.length);
    members.push([draft]);
    return members.length - 1;
  }

  return members.map((group): Step => {
    const [{ fetch, waitsFor }] = group as [Draft, ...Draft[]];
    const steps = stepsOf(waitsFor);
    if (fetch.kind === 'root') return { kind: 'root', fetch, waitsFor: steps };
    const fetches = group.map((draft) => draft.fetch as EntityFetch);
    return { kind: 'entities', fetches: sharing(fetches), waitsFor: steps };
  });
}

/** The same selection for objects at several places is one fetch for all of them. */
function sharing(fetches: readonly EntityFetch[]): EntityFetch[] {
  const byText = new Map<string, EntityFetch>();
  for (const fetch of fetches) {
    const key = JSON.stringify([textOf(fetch), fetch.parts.map(({ paths: _, ...part }) => part)]);
    const known = byText.get(key);
    byText.set(
      key,
      known ? { ...known, parts: known.parts.map((part, at) => widened(part, fetch.parts[at]!)) } : fetch,
    );
  }
  return [...byText.values()];
}

function widened(part: EntityPart, { paths }: EntityPart): EntityPart {
  return { ...part, paths: [...part.paths, ...paths] };
}

/** Planners name each operation anew. */
function textOf({ operation, operationName }: EntityFetch): string {
  return operationName === undefined ? operation : operation.replace(operationName, '');
}
