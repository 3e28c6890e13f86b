/** Everything that changed from base to head, weighed by the operations that clients have. */
import type { Finding } from '../finding.ts';
import type { Impact } from '../impact/impact.ts';
import { whereabouts } from '../places.ts';
import type { Sides } from '../sides.ts';
import { directiveOf, type SupergraphView } from '../supergraph.ts';
import { apiChanges } from './api.ts';
import { directiveChanges } from './directives.ts';
import { ownershipChanges } from './ownership.ts';
import type { SchemaChange } from './schema-change.ts';

export async function findChanges(sides: Sides, impact: Impact): Promise<Finding[]> {
  const { before, after } = sides;
  const directives = directiveChanges(before.view, after.view);
  const shown = new Set(
    directives.filter(({ code }) => code === 'MADE_ACCESSIBLE').map(({ coordinate }) => coordinate),
  );
  const api = (await apiChanges(before.apiSchema, after.apiSchema))
    .filter(({ coordinate }) => !shown.has(coordinate))
    .map((change) => asHidden(change, after.view));
  const changes = [...api, ...ownershipChanges(before.view, after.view), ...directives];
  return changes.map((change) => asFinding(change, sides, impact, 'change'));
}

export function asFinding(
  { touched, coordinate, subgraph, ...change }: SchemaChange,
  sides: Sides,
  impact: Impact,
  area: Finding['area'],
): Finding {
  return {
    ...change,
    area,
    ...(coordinate !== '' && { coordinate }),
    ...whereabouts(coordinate, sides, subgraph),
    ...(touched && { usedBy: impact.usesOf(touched(impact)) }),
  };
}

/** It is there still, but clients see it no more. */
function asHidden(change: SchemaChange, view: SupergraphView): SchemaChange {
  if (!/_REMOVED$/.test(change.code)) return change;
  const [name, member = '', argument] = change.coordinate.split(/[.(:]/);
  const type = view.types.get(name!);
  const field = type?.fields.get(member);
  const elements = [
    type,
    field,
    argument === undefined ? undefined : field?.args.get(argument),
    type?.values.get(member),
  ];
  const isHidden = elements.some((element) => element && directiveOf(element, 'inaccessible'));
  const isThere = argument !== undefined || member === '' || field || type?.values.has(member);
  if (!isHidden || !isThere) return change;
  const message = `${change.coordinate} is @inaccessible now: ${change.message.split(': ').slice(1).join(': ')}`;
  return { ...change, code: 'MADE_INACCESSIBLE', message };
}
