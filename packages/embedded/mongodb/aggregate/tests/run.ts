// Runs pipelines over documents and collections written as object literals.
import { describe, expect, test } from '@jest/globals';
import { codeOf, NOW, own, shown } from '../../expressions/tests/table.ts';
import { compileFilter } from '../../query/filter.ts';
import { makeCollator } from '../../values/collation.ts';
import type { Doc, Value } from '../../values/types.ts';
import { splitOutput } from '../output.ts';
import { compilePipeline, type PipelineContext } from '../pipeline.ts';

export interface World {
  docs?: unknown[];
  collections?: Record<string, unknown[]>;
  variables?: Record<string, unknown>;
  collation?: unknown;
}

export function contextOf(world: World = {}): PipelineContext {
  const collator = makeCollator(world.collation === undefined ? undefined : (own(world.collation) as Doc));
  return {
    ...(collator && { collator }),
    variables: own(world.variables ?? {}) as Record<string, Value>,
    now: NOW,
    databaseName: 'test',
    *readCollection(name, filter) {
      const matches = filter ? compileFilter(filter, { ...(collator && { collator }) }) : () => true;
      for (const doc of world.collections?.[name] ?? []) {
        const owned = own(doc) as Doc;
        if (matches(owned)) yield owned;
      }
    },
  };
}

export function run(stages: unknown[], world: World = {}): Doc[] {
  const { stages: reading } = splitOutput(own(stages) as Value[]);
  const docs = own(world.docs ?? []) as Doc[];
  return [...compilePipeline(reading, contextOf(world))(docs)];
}

/** What a pipeline makes of the documents, with number types made visible. */
export function expectResult(stages: unknown[], world: World, expected: unknown[]): void {
  expect(run(stages, world).map(shown)).toEqual(expected.map((doc) => shown(own(doc))));
}

/** Rows: the pipeline, the documents it reads, and those to come. */
export function pipelines(
  name: string,
  rows: [title: string, stages: unknown[], docs: unknown[], expected: unknown[]][],
) {
  describe(name, () => {
    test.each(rows)('%s', (_title, stages, docs, expected) => expectResult(stages, { docs }, expected));
  });
}

/** Rows: a pipeline that is refused, with which code; even where there is no document. */
export function refusals(name: string, rows: [stages: unknown[], code: number][]) {
  describe(`${name} refuses`, () => {
    test.each(rows.map(([stages, code]) => ({ title: JSON.stringify(stages).slice(0, 150), stages, code })))(
      '$title with $code',
      ({ stages, code }) => expect(codeOf(() => run(stages))).toBe(code),
    );
  });
}

/** Rows that fail on the document given. */
export function failures(name: string, rows: [stages: unknown[], doc: unknown, code: number][]) {
  describe(`${name} fails on`, () => {
    test.each(
      rows.map(([stages, doc, code]) => ({
        title: `${JSON.stringify(doc)} in ${JSON.stringify(stages)}`.slice(0, 150),
        stages,
        doc,
        code,
      })),
    )('$title with $code', ({ stages, doc, code }) =>
      expect(codeOf(() => run(stages, { docs: [doc] }))).toBe(code),
    );
  });
}
