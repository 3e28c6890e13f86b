/** schema-review.yaml: where things are, which house rules hold, what was accepted and why. All of it is optional. */
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { CODES } from './codes.ts';
import { InputError } from './input-error.ts';
import type { Source } from './source.ts';
import { FAIL_ON, SETTINGS_FILE } from './vocabulary.ts';

const patterns = z.array(z.string().min(1));

/** Words that say what is done: a mutation that begins with one is named verb first. */
const VERBS =
  'accept activate add apply archive assign attach begin cancel change check clear close complete confirm create deactivate delete detach disable edit enable end finish get insert make mark modify move open publish put remove rename replace resend reset resolve restore retry revoke save send set start stop submit unpublish update upload upsert verify';

const rules = z
  .strictObject({
    /** What a mutation may not begin with. */
    mutationVerbs: z
      .array(z.string().regex(/^[a-z]+$/, 'must be words in lower case'))
      .default(VERBS.split(' ')),
    userErrors: z
      .strictObject({ field: z.string().default('userErrors'), type: z.string().default('UserError') })
      .prefault({}),
    idempotency: z
      .strictObject({
        key: z.string().default('idempotencyKey'),
        /** Mutations that move what must not move twice, by name: `payment*`. */
        mutations: patterns.default([]),
        /** Types whose change does: a mutation that answers with one of them is meant. */
        types: patterns.default([]),
      })
      .prefault({}),
    /** The subgraph that owns a type, where it is not the one that defines most of it. */
    owners: z.record(z.string(), z.string()).default({}),
    deprecation: z
      .strictObject({
        /** What names the replacement. */
        replacement: z.string().default('`[^`]+`').transform(asPattern),
        /** What names the day; its first group is the ISO date. */
        date: z.string().default('(\\d{4}-\\d{2}-\\d{2})').transform(asPattern),
      })
      .prefault({}),
  })
  .prefault({});

const variant = z
  .strictObject({
    /** Only what has one of these tags; without any, all that is not excluded. */
    include: patterns.default([]),
    exclude: patterns.default([]),
    /** Clients that use it: their operations must fit. */
    clients: patterns.default([]),
    hideUnreachable: z.boolean().default(true),
  })
  .refine(({ include, exclude }) => include.length + exclude.length > 0, 'must include or exclude a tag');

const accepted = z.strictObject({
  code: z.string().refine((code) => code in CODES, 'is not a code; --explain all lists them'),
  /** Coordinates: `Type`, `Type.*`, `*.internalId`; all when not said. */
  at: z.string().min(1).default('*'),
  reason: z.string().trim().min(1, 'must say why'),
});

const shape = z.strictObject({
  supergraph: z.string().default('supergraph.yaml'),
  operations: z.string().default('schema/operations'),
  /** Requests by client and operation, as JSON. */
  usage: z.string().optional(),
  /** The branch that changes are reviewed against. */
  main: z.string().default('main'),
  failOn: z.enum(FAIL_ON).default(FAIL_ON[0]),
  rules,
  variants: z.record(z.string().regex(/^[\w-]+$/), variant).default({}),
  accept: z.array(accepted).default([]),
});

export type Settings = z.output<typeof shape>;
export type RuleSettings = Settings['rules'];
export type VariantSettings = z.output<typeof variant>;
export type Accepted = z.output<typeof accepted>;

export const DEFAULT_SETTINGS: Settings = shape.parse({});

export async function readSettings(source: Source, file = SETTINGS_FILE): Promise<Settings> {
  const text = await source.read(file);
  if (text !== undefined) return parseSettings(text, file);
  if (file === SETTINGS_FILE) return DEFAULT_SETTINGS;
  throw new InputError(`${file} is not in ${source.name}: check the path that --config names.`);
}

export function parseSettings(text: string, file: string): Settings {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const broken = document.errors[0];
  if (broken) {
    const { line, col } = lineCounter.linePos(broken.pos[0]);
    throw new InputError(`${file}:${line}:${col} is not YAML: ${broken.message}. Mend that line.`);
  }
  const { data, error } = shape.safeParse(plainValue(document, file) ?? {});
  if (data) return data;
  const faults = error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new InputError(`${file} has settings that mean nothing here: ${faults.join('; ')}.`);
}

function plainValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases that are not there, or that would fill the memory.
    throw new InputError(`${file} cannot be read: ${(error as Error).message}. Correct its aliases.`);
  }
}

function asPattern(text: string, context: z.RefinementCtx): RegExp {
  try {
    return new RegExp(text);
  } catch {
    // Told as a fault of the setting, with its name.
    context.addIssue({ code: 'custom', message: 'is not a regular expression' });
    return z.NEVER;
  }
}
