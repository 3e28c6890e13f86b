/** The house rules of one side, weighed against the other: a change answers for what it adds. */
import type { Finding } from '../finding.ts';
import { placeOf } from '../locations.ts';
import type { RuleSettings } from '../settings.ts';
import type { Snapshot } from '../snapshot.ts';
import { connections } from './connections.ts';
import { deprecations } from './deprecations.ts';
import { descriptions } from './descriptions.ts';
import { graphOf } from './graph.ts';
import { idempotency } from './idempotency.ts';
import { keys } from './keys.ts';
import { lists } from './lists.ts';
import { naming } from './naming.ts';
import { nullability } from './nullability.ts';
import { payloads } from './payloads.ts';
import type { Rule, RuleContext, Violation } from './rule.ts';
import { unused } from './unused.ts';

const RULES: readonly Rule[] = [
  descriptions,
  naming,
  connections,
  payloads,
  idempotency,
  nullability,
  lists,
  deprecations,
  keys,
  unused,
];

/** Broken by time and not by a change: always told. */
const BROKEN_BY_TIME = 'REMOVAL_OVERDUE';

export interface RuleOptions {
  settings: RuleSettings;
  /** ISO date. */
  today?: string;
}

type Side = Pick<Snapshot, 'documents' | 'locations'>;

/** What base breaks as well is `safe`: it stood before. */
export function houseRules(head: Side, base: Side | undefined, options: RuleOptions): Finding[] {
  const { settings, today = new Date().toISOString().slice(0, 10) } = options;
  const stood = new Set(base ? violationsIn(base, { settings, today }).map(identityOf) : []);
  return violationsIn(head, { settings, today }).map((violation) => {
    const { code, message, remedy, coordinate, subgraph, node } = violation;
    const isNew = code === BROKEN_BY_TIME || !stood.has(identityOf(violation));
    // A description stands before the name, and is not what is meant.
    const place = placeOf('description' in node && 'name' in node && node.name ? node.name : node);
    const before = base?.locations.of(coordinate);
    return {
      code,
      area: 'rule',
      level: isNew ? 'risky' : 'safe',
      message,
      remedy,
      coordinate,
      subgraph,
      ...(place && { place }),
      ...(before && { base: { file: before.file, line: before.line, column: before.column } }),
    } satisfies Finding;
  });
}

/** Without the subgraph: what moved to another one is not new. */
const identityOf = ({ code, coordinate }: Violation) => `${code} ${coordinate}`;

/** A shared type breaks a rule in each of its subgraphs; it is told once. */
function violationsIn({ documents }: Side, context: RuleContext): Violation[] {
  const graph = graphOf(documents);
  const found = new Map<string, Violation>();
  for (const rule of RULES) {
    for (const violation of rule(graph, context)) {
      const identity = identityOf(violation);
      if (!found.has(identity)) found.set(identity, violation);
    }
  }
  return [...found.values()];
}
