/** A plan as explain shows it. */
import type { Interval } from '../query/bounds.ts';
import { describeValue } from '../values/describe.ts';
import { docFrom } from '../values/fields.ts';
import { kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import type { Index } from './index.ts';
import type { IndexScan } from './index-scan.ts';
import type { Access, Plan } from './plan.ts';
import type { RunStats } from './run-plan.ts';

const SORT_MEMORY_LIMIT = 104_857_600;

type Field = [string, Value | undefined];

/** The stages from the outside in; with what they did, when the plan was run. */
export function stageTree(plan: Plan, stats?: RunStats): Doc {
  let tree = accessTree(plan.access, plan, stats);
  const returned = stats && Math.max(0, Math.min(stats.matched - plan.skip, plan.limit));
  if (plan.sort) {
    tree = docFrom([
      ['stage', 'SORT'],
      ...counted(stats && Math.min(stats.matched, plan.skip + plan.limit)),
      ['sortPattern', plan.sort.spec],
      ['memLimit', SORT_MEMORY_LIMIT],
      ['limitAmount', Number.isFinite(plan.limit) ? plan.limit + plan.skip : undefined],
      ['type', 'simple'],
      ['inputStage', tree],
    ]);
  }
  if (plan.skip > 0) {
    tree = docFrom([
      ['stage', 'SKIP'],
      ...counted(returned),
      ['skipAmount', plan.skip],
      ['inputStage', tree],
    ]);
  }
  if (Number.isFinite(plan.limit) && !plan.sort) {
    tree = docFrom([
      ['stage', 'LIMIT'],
      ...counted(returned),
      ['limitAmount', plan.limit],
      ['inputStage', tree],
    ]);
  }
  return tree;
}

function counted(nReturned: number | undefined): Field[] {
  return nReturned === undefined ? [] : [['nReturned', nReturned]];
}

/** `access` may be one that was rejected. */
export function accessTree(access: Access, plan: Plan, stats?: RunStats): Doc {
  const filter: Field = ['filter', plan.matches ? plan.filter : undefined];
  switch (access.stage) {
    case 'EOF':
      return docFrom([['stage', 'EOF'], ...counted(stats && 0)]);
    case 'COLLSCAN':
      return docFrom([
        ['stage', 'COLLSCAN'],
        filter,
        ...counted(stats?.matched),
        ['direction', way(access.direction)],
        ['docsExamined', stats?.docsExamined],
      ]);
    case 'IDHACK':
      return docFrom([
        ['stage', 'IDHACK'],
        ...counted(stats?.matched),
        ['keysExamined', stats?.keysExamined],
        ['docsExamined', stats?.docsExamined],
      ]);
    default:
      return docFrom([
        ['stage', 'FETCH'],
        filter,
        ...counted(stats?.matched),
        ['docsExamined', stats?.docsExamined],
        ['inputStage', keysTree(access, plan, stats)],
      ]);
  }
}

function keysTree(access: Access, plan: Plan, stats: RunStats | undefined): Doc {
  switch (access.stage) {
    case 'IXSCAN':
      return scanTree(access.scan, access.direction, stats);
    case 'SORT_MERGE':
      return docFrom([
        ['stage', 'SORT_MERGE'],
        ...counted(stats?.docsExamined),
        ['sortPattern', mergePattern(access)],
        [
          'inputStages',
          access.scan.ranges.map((range) => scanTree({ ...access.scan, ranges: [range] }, access.direction)),
        ],
        ['keysExamined', stats?.keysExamined],
      ]);
    case 'OR':
      return docFrom([
        ['stage', 'OR'],
        ...counted(stats?.docsExamined),
        ['inputStages', access.scans.map((scan) => scanTree(scan, 1))],
        ['keysExamined', stats?.keysExamined],
      ]);
    case 'KEY_BOUNDS':
      return docFrom([
        ...indexFields(access.index, access.direction, stats),
        [
          'indexBounds',
          docFrom([
            ['startKey', keyDoc(access.index, access.min)],
            ['endKey', keyDoc(access.index, access.max)],
          ]),
        ],
      ]);
    default:
      return accessTree(access, plan, stats);
  }
}

function mergePattern({ scan, sortFields, direction }: Extract<Access, { stage: 'SORT_MERGE' }>): Doc {
  const { fields } = scan.index.spec;
  return docFrom(
    sortFields.map((field): Field => [fields[field]!.path, fields[field]!.direction * direction]),
  );
}

function keyDoc(index: Index, key: readonly (Value | undefined)[] | undefined): Doc {
  return docFrom(index.spec.fields.map(({ path }, i): Field => [path, key?.[i]]));
}

const way = (direction: 1 | -1) => (direction === 1 ? 'forward' : 'backward');

function indexFields(index: Index, direction: 1 | -1, stats: RunStats | undefined): Field[] {
  const { spec, arrayPaths } = index;
  return [
    ['stage', 'IXSCAN'],
    ...counted(stats?.docsExamined),
    ['keyPattern', spec.key],
    ['indexName', spec.name],
    ['collation', spec.collation],
    ['isMultiKey', arrayPaths.size > 0],
    ['multiKeyPaths', docFrom(spec.fields.map(({ path }): Field => [path, arraysOn(path, arrayPaths)]))],
    ['isUnique', spec.unique],
    ['isSparse', spec.sparse],
    ['isPartial', spec.partialFilter !== undefined],
    ['indexVersion', 2],
    ['direction', way(direction)],
    ['keysExamined', stats?.keysExamined],
  ];
}

function arraysOn(path: string, arrayPaths: ReadonlySet<string>): string[] {
  return [...arrayPaths].filter((array) => path === array || path.startsWith(`${array}.`));
}

function scanTree(scan: IndexScan, direction: 1 | -1, stats?: RunStats): Doc {
  const { index, intervals, ranges } = scan;
  // One piece of a merge has values of its own in front.
  const [first] = ranges;
  const bounds = index.spec.fields.map(({ path }, i): Field => {
    const inPrefix = ranges.length === 1 && first && i < first.prefix.length;
    const shown = inPrefix
      ? [describePoint(first.prefix[i])]
      : intervals[i]!.map((each) => describeInterval(each, direction * index.spec.fields[i]!.direction));
    return [path, shown];
  });
  return docFrom([...indexFields(index, direction, stats), ['indexBounds', docFrom(bounds)]]);
}

function describePoint(value: Value | undefined): string {
  return `[${describeEnd(value)}, ${describeEnd(value)}]`;
}

function describeInterval({ low, high, lowInclusive, highInclusive }: Interval, direction: number): string {
  const open = lowInclusive ? '[' : '(';
  const close = highInclusive ? ']' : ')';
  if (direction > 0) return `${open}${describeEnd(low)}, ${describeEnd(high)}${close}`;
  return `${highInclusive ? '[' : '('}${describeEnd(high)}, ${describeEnd(low)}${lowInclusive ? ']' : ')'}`;
}

function describeEnd(value: Value | undefined): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'nan' : `${value < 0 ? '-' : ''}inf.0`;
  return kindOf(value) === 'regex'
    ? `/${String((value as { pattern?: string }).pattern)}/`
    : describeValue(value);
}
