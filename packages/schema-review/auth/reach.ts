/** What an unprotected path reaches: from the roots, over fields, interfaces and unions without any rule. */
import type { SupergraphView, TypeView } from '../supergraph.ts';
import { directiveOf } from '../supergraph.ts';
import { isOpen, requirementOf } from './requirement.ts';

const ROOTS = ['Query', 'Mutation', 'Subscription'];

export interface Step {
  from: string;
  /** `Type.field`, or `… on Type`. */
  label: string;
  to: string;
  isOpen: boolean;
}

/** By type: the last step of a shortest path there. Roots have none. */
export type Reached = ReadonlyMap<string, Step | undefined>;

export function stepsOf(view: SupergraphView): Map<string, Step[]> {
  const members = membersOf(view);
  const steps = new Map<string, Step[]>();
  const isFree = (name: string) => {
    const type = view.types.get(name);
    return !type || isOpen(requirementOf(type));
  };
  for (const type of view.types.values()) {
    const own: Step[] = [];
    for (const field of type.fields.values()) {
      if (!view.types.has(field.typeName) || directiveOf(field, 'inaccessible')) continue;
      own.push({
        from: type.name,
        label: `${type.name}.${field.name}`,
        to: field.typeName,
        isOpen: isOpen(requirementOf(field)) && isFree(field.typeName),
      });
    }
    for (const member of members.get(type.name) ?? [])
      own.push({ from: type.name, label: `… on ${member}`, to: member, isOpen: isFree(member) });
    steps.set(type.name, own);
  }
  return steps;
}

export function reach(steps: ReadonlyMap<string, readonly Step[]>, takes: (step: Step) => boolean): Reached {
  const roots = ROOTS.filter((name) => steps.has(name));
  const reached = new Map<string, Step | undefined>(roots.map((name) => [name, undefined]));
  const waiting = [...roots];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const step of steps.get(next) ?? []) {
      if (reached.has(step.to) || !takes(step)) continue;
      reached.set(step.to, step);
      waiting.push(step.to);
    }
  }
  return reached;
}

export function pathTo(type: string, reached: Reached): Step[] {
  const path: Step[] = [];
  for (let step = reached.get(type); step; step = reached.get(step.from)) path.unshift(step);
  return path;
}

/** What an interface or union may turn out to be. */
function membersOf(view: SupergraphView): Map<string, string[]> {
  const members = new Map<string, string[]>();
  const add = (abstract: string, type: TypeView) =>
    members.set(abstract, [...(members.get(abstract) ?? []), type.name]);
  for (const type of view.types.values()) {
    for (const name of type.interfaces) add(name, type);
    for (const name of type.members) {
      const member = view.types.get(name);
      if (member) add(type.name, member);
    }
  }
  return members;
}
