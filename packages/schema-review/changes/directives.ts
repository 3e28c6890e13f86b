/** What directives say of the same element before and after: cost, tags, deprecation, visibility. Auth has a place of its own. */
import type { Directive, SupergraphView, TypeView } from '../supergraph.ts';
import { directiveOf } from '../supergraph.ts';
import { type SchemaChange, selectionsOf } from './schema-change.ts';

interface Element {
  coordinate: string;
  /** Of a field, or of a field's argument. */
  field?: readonly [type: string, field: string];
  directives: readonly Directive[];
}

export function directiveChanges(before: SupergraphView, after: SupergraphView): SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const [name, type] of after.types) {
    const old = before.types.get(name);
    if (!old) continue;
    const known = new Map(elementsOf(old).map((element) => [element.coordinate, element]));
    for (const element of elementsOf(type)) {
      const was = known.get(element.coordinate);
      if (was) changes.push(...compare(was, element));
    }
  }
  return changes;
}

function elementsOf(type: TypeView): Element[] {
  const elements: Element[] = [{ coordinate: type.name, directives: type.directives }];
  for (const { name, directives, args } of type.fields.values()) {
    const field = [type.name, name] as const;
    elements.push({ coordinate: `${type.name}.${name}`, field, directives });
    for (const [argument, { directives: ofArgument }] of args)
      elements.push({ coordinate: `${type.name}.${name}(${argument}:)`, field, directives: ofArgument });
  }
  for (const [value, { directives }] of type.values)
    elements.push({ coordinate: `${type.name}.${value}`, directives });
  return elements;
}

function compare(before: Element, after: Element): SchemaChange[] {
  return [
    ...deprecation(before, after),
    ...visibility(before, after),
    ...weight(before, after),
    ...listSize(before, after),
    ...tags(before, after),
  ];
}

const change = (
  { coordinate, field }: Element,
  code: string,
  level: SchemaChange['level'],
  what: string,
): SchemaChange[] => [
  {
    code,
    level,
    coordinate,
    message: `${coordinate} ${what}`,
    ...(level !== 'safe' && field && { touched: (impact) => selectionsOf(...field, impact) }),
  },
];

function deprecation(before: Element, after: Element): SchemaChange[] {
  const [old, now] = [directiveOf(before, 'deprecated'), directiveOf(after, 'deprecated')];
  const reason = now?.args.reason === undefined ? '' : `: ${now.args.reason}`;
  if (!old && now) {
    const [deprecated] = change(after, 'DEPRECATION_ADDED', 'safe', `is deprecated${reason}`);
    const { field } = after;
    return [{ ...deprecated!, ...(field && { touched: (impact) => selectionsOf(...field, impact) }) }];
  }
  if (old && !now) return change(after, 'DEPRECATION_REMOVED', 'safe', 'is no longer deprecated');
  if (old && now && old.args.reason !== now.args.reason)
    return change(after, 'DEPRECATION_CHANGED', 'safe', `is deprecated for another reason${reason}`);
  return [];
}

function visibility(before: Element, after: Element): SchemaChange[] {
  const [old, now] = [directiveOf(before, 'inaccessible'), directiveOf(after, 'inaccessible')];
  return old && !now
    ? change(after, 'MADE_ACCESSIBLE', 'risky', 'was @inaccessible, and clients see it now')
    : [];
}

function weight(before: Element, after: Element): SchemaChange[] {
  const [old, now] = [before, after].map((element) => directiveOf(element, 'cost')?.args.weight);
  if (old === now) return [];
  const what = `costs ${now ?? 'what is usual'} instead of ${old ?? 'what is usual'}`;
  const isDearer = Number(now ?? 0) > Number(old ?? 0);
  return isDearer
    ? change(after, 'COST_RAISED', 'risky', `${what}: operations near their limit may be refused`)
    : change(after, 'COST_LOWERED', 'safe', what);
}

function listSize(before: Element, after: Element): SchemaChange[] {
  const [old, now] = [directiveOf(before, 'listSize'), directiveOf(after, 'listSize')];
  if (JSON.stringify(sorted(old)) === JSON.stringify(sorted(now))) return [];
  if (!now)
    return change(
      after,
      'LIST_SIZE_REMOVED',
      'risky',
      'no longer says how long its list gets: its cost is a guess',
    );
  if (!old) return change(after, 'LIST_SIZE_ADDED', 'safe', 'says how long its list gets');
  const [was, is] = [old.args.assumedSize, now.args.assumedSize];
  const isLonger = typeof was === 'number' && typeof is === 'number' && is > was;
  return change(
    after,
    'LIST_SIZE_CHANGED',
    isLonger ? 'risky' : 'safe',
    isLonger
      ? `is assumed to have ${is} items instead of ${was}: operations near their limit may be refused`
      : 'says otherwise how long its list gets',
  );
}

const sorted = (directive: Directive | undefined) =>
  directive && Object.entries(directive.args).sort(([a], [b]) => (a < b ? -1 : 1));

function tags(before: Element, after: Element): SchemaChange[] {
  const [old, now] = [tagsOf(before), tagsOf(after)];
  return [
    ...now
      .filter((tag) => !old.includes(tag))
      .flatMap((tag) => change(after, 'TAG_ADDED', 'safe', `is tagged ${tag}`)),
    ...old
      .filter((tag) => !now.includes(tag))
      .flatMap((tag) =>
        change(after, 'TAG_REMOVED', 'safe', `is no longer tagged ${tag}: contracts by tag may change`),
      ),
  ];
}

const tagsOf = ({ directives }: Element): string[] =>
  directives.filter(({ name }) => name === 'tag').map(({ args }) => String(args.name));
