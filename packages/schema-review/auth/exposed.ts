/** Types that could be reached by protected paths alone, and now by one that asks for nothing. */
import type { SchemaChange } from '../changes/schema-change.ts';
import type { SupergraphView } from '../supergraph.ts';
import { pathTo, reach, type Step, stepsOf } from './reach.ts';
import { isOpen, requirementOf } from './requirement.ts';

const LEAVES = ['EnumTypeDefinition', 'ScalarTypeDefinition', 'InputObjectTypeDefinition'];

export interface Exposure extends SchemaChange {
  path: string[];
}

export function exposures(before: SupergraphView, after: SupergraphView): Exposure[] {
  const was = stepsOf(before);
  const [everything, opened] = [reach(was, () => true), reach(was, ({ isOpen: free }) => free)];
  const now = reach(stepsOf(after), ({ isOpen: free }) => free);
  const guarded = guardedTypes(was, before);
  const byDoor = new Map<string, { path: Step[]; types: string[] }>();
  for (const name of now.keys()) {
    const type = before.types.get(name);
    if (!type || LEAVES.includes(type.kind) || !everything.has(name) || opened.has(name)) continue;
    // Somebody took the rule off the type itself, which is told as that.
    if (!isOpen(requirementOf(type)) || !guarded.has(name)) continue;
    const path = pathTo(name, now);
    const door = path[doorIn(path, was)]!;
    const found = byDoor.get(door.label) ?? { path, types: [] };
    byDoor.set(door.label, { path: found.path, types: [...found.types, name] });
  }
  return [...byDoor].map(([door, { path, types }]) => exposure(door, path, types));
}

/** The first step that was not there for everybody before. */
function doorIn(path: readonly Step[], was: ReadonlyMap<string, readonly Step[]>): number {
  const at = path.findIndex(
    (step) => !was.get(step.from)?.some((one) => one.label === step.label && one.isOpen),
  );
  return Math.max(0, at);
}

/**
 * Those that a rule was meant for: entities, and what a field with a rule returns. Plain values that only happened to
 * stand behind one, an amount of money say, are no secret.
 */
function guardedTypes(steps: ReadonlyMap<string, readonly Step[]>, view: SupergraphView): Set<string> {
  const guarded = new Set<string>();
  for (const step of [...steps.values()].flat()) if (!step.isOpen) guarded.add(step.to);
  for (const type of view.types.values())
    if ([...type.subgraphs.values()].some(({ keys }) => keys.length > 0)) guarded.add(type.name);
  return guarded;
}

function exposure(door: string, path: readonly Step[], types: readonly string[]): Exposure {
  const member = door.startsWith('… on ') ? door.slice('… on '.length) : undefined;
  const labels = path.map(({ label }) => label);
  return {
    code: 'AUTH_NEW_PATH',
    level: 'risky',
    coordinate: member ?? door,
    message: `Everybody reaches ${types.join(', ')} now, which only protected fields led to: ${labels.join(' → ')}`,
    remedy: 'Give the new step a rule, or put one on the type itself.',
    path: labels,
  };
}
