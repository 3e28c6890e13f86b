/** What moves between subgraphs, as the composed supergraph says who serves what. */
import type { FieldView, Serving, SupergraphView, TypeView } from '../supergraph.ts';
import type { SchemaChange } from './schema-change.ts';

export function ownershipChanges(before: SupergraphView, after: SupergraphView): SchemaChange[] {
  const changes = subgraphChanges(before, after);
  for (const [name, type] of after.types) {
    const old = before.types.get(name);
    if (!old) continue;
    changes.push(...keyChanges(old, type));
    const fields = [...type.fields.values()].flatMap((field) => {
      const known = old.fields.get(field.name);
      return known ? [[known, field] as const] : [];
    });
    changes.push(...fieldChanges(old, type, fields));
  }
  return changes;
}

function subgraphChanges(before: SupergraphView, after: SupergraphView): SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const [name, url] of after.subgraphs) {
    const old = before.subgraphs.get(name);
    if (old === undefined) changes.push(aboutSubgraph('SUBGRAPH_ADDED', 'safe', name, 'is new'));
    else if (old !== url)
      changes.push(
        aboutSubgraph('SUBGRAPH_URL_CHANGED', 'risky', name, `is asked at ${url} instead of ${old}`),
      );
  }
  for (const name of before.subgraphs.keys())
    if (!after.subgraphs.has(name))
      changes.push(
        aboutSubgraph(
          'SUBGRAPH_REMOVED',
          'risky',
          name,
          'is gone: what it served is served by others now, or not at all',
        ),
      );
  return changes;
}

const aboutSubgraph = (
  code: string,
  level: SchemaChange['level'],
  subgraph: string,
  what: string,
): SchemaChange => ({ code, level, coordinate: '', subgraph, message: `Subgraph ${subgraph} ${what}` });

function keyChanges(before: TypeView, after: TypeView): SchemaChange[] {
  const changes: SchemaChange[] = [];
  const change = (code: string, level: SchemaChange['level'], subgraph: string, message: string) =>
    changes.push({ code, level, coordinate: after.name, subgraph, message });
  for (const [subgraph, { keys }] of after.subgraphs) {
    const old = before.subgraphs.get(subgraph)?.keys;
    if (!old) continue;
    for (const key of keys)
      if (key.resolvable && !old.some((one) => one.resolvable && one.fields === key.fields))
        change('KEY_ADDED', 'safe', subgraph, `${subgraph} finds ${after.name} by "${key.fields}" too`);
    for (const key of old)
      if (key.resolvable && !keys.some((one) => one.resolvable && one.fields === key.fields))
        change(
          'KEY_REMOVED',
          'risky',
          subgraph,
          `${subgraph} no longer finds ${after.name} by "${key.fields}": whatever joined there takes another way`,
        );
  }
  return changes;
}

/** A whole type that moves is told once; whoever joins an entity has its keys, which says nothing of who owns them. */
function fieldChanges(
  oldType: TypeView,
  type: TypeView,
  pairs: readonly (readonly [FieldView, FieldView])[],
): SchemaChange[] {
  const moves = new Map<string, FieldView[]>();
  const changes: SchemaChange[] = [];
  for (const [before, after] of pairs) {
    const gone = missing(before, after).filter((name) => !isKey(oldType, name, before));
    const come = missing(after, before).filter((name) => !isKey(type, name, after));
    const taken = overrideOf(after, before);
    if (taken) changes.push(overridden(type, after, ...taken));
    else if (gone.length > 0 && come.length > 0) {
      const way = `${gone.join(' and ')} to ${come.join(' and ')}`;
      moves.set(way, [...(moves.get(way) ?? []), after]);
    } else if (come.length > 0)
      changes.push(served('FIELD_SHARED', type, after, come, `is served by ${come.join(' and ')} too`));
    else if (gone.length > 0 && after.servedBy.size > 0)
      changes.push(
        served(
          'FIELD_UNSHARED',
          type,
          after,
          [...after.servedBy.keys()],
          `is no longer served by ${gone.join(' and ')}`,
        ),
      );
    changes.push(...needsChanges(type, before, after));
  }
  for (const [way, fields] of moves) {
    const owner = [...fields[0]!.servedBy.keys()];
    const isWhole = fields.length > 1 && fields.length === pairs.length;
    if (isWhole)
      changes.push({
        code: 'TYPE_MOVED',
        level: 'safe',
        coordinate: type.name,
        subgraph: owner[0]!,
        message: `${type.name} moved from ${way} with all its fields`,
      });
    else
      for (const field of fields)
        changes.push(served('FIELD_MOVED', type, field, owner, `moved from ${way}`));
  }
  return changes;
}

/** Of the type as the subgraph finds it; fields inside of fields look alike, and are as little owned. */
const isKey = ({ subgraphs }: TypeView, subgraph: string, { name }: FieldView): boolean =>
  subgraphs.get(subgraph)?.keys.some(({ fields }) => fields.split(/\W+/).includes(name)) ?? false;

const missing = (from: FieldView, to: FieldView): string[] =>
  [...from.servedBy.keys()].filter((name) => !to.servedBy.has(name));

const served = (
  code: string,
  type: TypeView,
  field: FieldView,
  [subgraph]: readonly string[],
  what: string,
): SchemaChange => ({
  code,
  level: 'safe',
  coordinate: `${type.name}.${field.name}`,
  ...(subgraph !== undefined && { subgraph }),
  message: `${type.name}.${field.name} ${what}`,
});

/** A subgraph that takes the field over now, and did not before. */
function overrideOf(after: FieldView, before: FieldView): [string, Serving] | undefined {
  return [...after.servedBy].find(([subgraph, { override, overrideLabel }]) => {
    const old = before.servedBy.get(subgraph);
    return override !== undefined && (old?.override !== override || old.overrideLabel !== overrideLabel);
  });
}

function overridden(type: TypeView, field: FieldView, subgraph: string, serving: Serving): SchemaChange {
  const { override, overrideLabel: label } = serving;
  const coordinate = `${type.name}.${field.name}`;
  return {
    code: 'FIELD_OVERRIDDEN',
    // Some requests go here, some there, until the label says otherwise.
    level: label === undefined ? 'safe' : 'risky',
    coordinate,
    subgraph,
    message: `${subgraph} takes ${coordinate} over from ${override}${label === undefined ? '' : `, as far as ${label} says: both must answer alike`}`,
  };
}

function needsChanges(type: TypeView, before: FieldView, after: FieldView): SchemaChange[] {
  return [...after.servedBy].flatMap(([subgraph, now]) => {
    const old = before.servedBy.get(subgraph);
    if (!old) return [];
    const coordinate = `${type.name}.${after.name}`;
    const change = (code: string, what: string): SchemaChange => ({
      code,
      level: 'safe',
      coordinate,
      subgraph,
      message: `${coordinate} in ${subgraph} ${what}`,
    });
    const said = (value: string | undefined) => (value === undefined ? 'nothing' : `"${value}"`);
    return [
      ...(old.requires === now.requires
        ? []
        : [
            change(
              'FIELD_REQUIRES_CHANGED',
              `requires ${said(now.requires)} of other subgraphs instead of ${said(old.requires)}`,
            ),
          ]),
      ...(old.provides === now.provides
        ? []
        : [
            change(
              'FIELD_PROVIDES_CHANGED',
              `brings ${said(now.provides)} along instead of ${said(old.provides)}`,
            ),
          ]),
    ];
  });
}
