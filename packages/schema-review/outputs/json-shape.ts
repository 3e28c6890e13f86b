/** The shape of the JSON output, which its JSON Schema is made from. */
import { z } from 'zod';

const level = z.enum(['breaking', 'risky', 'safe']);
const count = z.int().min(0);

const place = z.strictObject({
  file: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
  length: count.optional(),
});

const use = z.strictObject({
  client: z.string(),
  operation: z.string(),
  file: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
  count: z.number().min(0).optional().describe('Requests, from the usage file'),
});

const finding = z.strictObject({
  code: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  area: z.enum(['composition', 'change', 'cost', 'auth', 'rule', 'contract']),
  level,
  message: z.string(),
  coordinate: z.string().optional(),
  subgraph: z.string().optional(),
  place: place.optional().describe('In head if it is still there, else in base'),
  base: place.optional(),
  usedBy: z.array(use).optional().describe('Empty: weighed, and nobody uses it'),
  remedy: z.string().optional(),
  path: z.array(z.string()).optional().describe('The steps by which a query gets there'),
  variant: z.string().optional(),
});

const figures = z.strictObject({
  fetches: count,
  depth: count,
  cost: z.number().min(0),
  services: z.array(z.string()),
});

const operation = z.strictObject({
  client: z.string(),
  name: z.string(),
  file: z.string(),
  trend: z.enum(['worse', 'better', 'same', 'new', 'gone', 'refused']),
  before: figures.optional(),
  after: figures.optional(),
});

export const REPORT_SHAPE = z
  .strictObject({
    version: z.literal(1).describe('Grows when something here is taken away or changes its meaning'),
    base: z.string(),
    head: z.string(),
    composes: z.boolean(),
    verdict: z.strictObject({
      failOn: z.enum(['breaking-used', 'breaking', 'risky']),
      failing: count,
      exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    }),
    counts: z.strictObject({ breaking: count, breakingUsed: count, risky: count, safe: count }),
    findings: z.array(finding).describe('Worst first'),
    standing: z.array(finding).describe('House rules that base broke as well'),
    accepted: z.array(z.strictObject({ finding, reason: z.string() })),
    operations: z.array(operation),
    variants: z.array(z.string()),
    timings: z.record(z.string(), z.number()).describe('Milliseconds by phase'),
  })
  .describe('What schema-review --format json writes');

export type JsonReport = z.output<typeof REPORT_SHAPE>;

export const reportJsonSchema = (): object => z.toJSONSchema(REPORT_SHAPE, { target: 'draft-2020-12' });
