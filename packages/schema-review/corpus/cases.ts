/** Reads the cases of the corpus, and reviews them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import type { Finding } from '../finding.ts';
import type { Kept } from '../prepare/kept.ts';
import { type Review, review } from '../review.ts';
import { readSettings } from '../settings.ts';
import { mapSource, type Source } from '../source.ts';

export interface Case {
  /** `<area>/<case>`. */
  name: string;
  area: string;
  before: Source;
  after: Source;
  expected: Expected;
}

export interface Expected {
  about: string;
  /** ISO date; what is due is due by it. */
  today?: string;
  findings: Told[];
}

/** A finding as people write it down. */
export interface Told {
  code: string;
  level: string;
  at?: string;
  /** `file:line`, in head if it is still there. */
  in?: string;
  message: string;
  /** `client/operation:line`; left out where nobody was asked. */
  used?: string[];
  remedy?: string;
  path?: string[];
  variant?: string;
}

export function readCases(folder: string): Case[] {
  return foldersIn(folder).flatMap((area) =>
    foldersIn(join(folder, area)).map((name) => readCase(folder, `${area}/${name}`)),
  );
}

export function readCase(folder: string, name: string): Case {
  const files = filesIn(join(folder, name));
  const expected = parseYaml(files.get('expected.yaml') ?? 'about: ""') as Expected;
  return {
    name,
    area: dirname(name),
    before: sideOf(files, 'before'),
    after: sideOf(files, 'after'),
    expected: { ...expected, findings: expected.findings ?? [] },
  };
}

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

function filesIn(folder: string, below = ''): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) for (const [name, text] of filesIn(folder, path)) files.set(name, text);
    else files.set(path, readFileSync(join(folder, path), 'utf8'));
  }
  return files;
}

/** What a side has itself, over what both have. */
function sideOf(files: ReadonlyMap<string, string>, side: 'before' | 'after'): Source {
  const own = [...files].filter(([path]) => path.startsWith(`${side}/`));
  const shared = [...files].filter(([path]) => /^(operations\/|\w[\w-]*\.yaml$|usage\.json$)/.test(path));
  const all = new Map([
    ['schema-review.yaml', 'operations: operations\n'],
    ...shared,
    ...own.map(([path, text]) => [path.slice(side.length + 1), text] as const),
  ]);
  if (!all.has('supergraph.yaml')) all.set('supergraph.yaml', supergraphYaml([...all.keys()]));
  return mapSource(side, all);
}

function supergraphYaml(paths: readonly string[]): string {
  const names = paths.flatMap((path) => /^([\w-]+)\.graphql$/.exec(path)?.[1] ?? []).sort();
  const entries = names.map(
    (name) => `  ${name}: { routing_url: "http://${name}/graphql", schema: { file: ${name}.graphql } }\n`,
  );
  return `subgraphs:\n${entries.join('')}`;
}

export async function reviewSides(
  before: Source,
  after: Source,
  { today }: Pick<Expected, 'today'>,
  kept?: Kept,
): Promise<Review> {
  const [baseSettings, settings] = await Promise.all([readSettings(before), readSettings(after)]);
  return review(before, after, {
    settings,
    baseSettings,
    ...(today !== undefined && { today }),
    ...(kept && { kept }),
  });
}

/** In `rules/` house rules alone; elsewhere everything but them, or every case would tell of missing descriptions. */
export const isLookedAt = (area: string, finding: Finding): boolean =>
  (area === 'rules') === (finding.area === 'rule');

export function tellFinding({ code, level, coordinate, place, message, usedBy, ...rest }: Finding): Told {
  const { remedy, path, variant } = rest;
  return {
    code,
    level,
    ...(coordinate !== undefined && { at: coordinate }),
    ...(place && { in: `${place.file}:${place.line}` }),
    message,
    ...(usedBy && { used: usedBy.map(tellUse) }),
    ...(remedy !== undefined && { remedy }),
    ...(path && { path }),
    ...(variant !== undefined && { variant }),
  };
}

function tellUse({ client, operation, line, count }: NonNullable<Finding['usedBy']>[number]): string {
  const requests = count === undefined ? '' : ` (${count} requests)`;
  return `${client}/${operation}:${line}${requests}`;
}

export const expectedFile = (folder: string, name: string): string => join(folder, name, 'expected.yaml');
