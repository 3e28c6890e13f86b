/** Variants of both sides: each is checked by itself, and diffed like the whole. */
import { buildASTSchema, type GraphQLSchema, parse, printSchema, validate } from 'graphql';
import { apiChanges } from '../changes/api.ts';
import { asFinding } from '../changes/find.ts';
import type { Finding } from '../finding.ts';
import { impactOn, useAt } from '../impact/impact.ts';
import type { Operation } from '../repository.ts';
import type { VariantSettings } from '../settings.ts';
import type { Sides } from '../sides.ts';
import type { Composed, Snapshot } from '../snapshot.ts';
import { filterByTags } from './filter.ts';
import { tagsIn } from './tags.ts';

export type Variants = Readonly<Record<string, VariantSettings>>;

/** Each side has the variants that its own schema-review.yaml names. */
export interface VariantOptions {
  before: Variants;
  after: Variants;
}

/** What a variant shares with the whole is told there alone: `told`. */
export async function reviewVariants(
  sides: Sides,
  { before, after }: VariantOptions,
  told: readonly Finding[],
): Promise<Finding[]> {
  const known = new Set(told.map(identityOf));
  const found: Finding[] = [...goneVariants(before, after), ...unknownTags(sides, before, after)];
  for (const [variant, settings] of Object.entries(after)) {
    const now = checkVariant(sides.after, sides.head, settings, variant);
    const was = before[variant] && checkVariant(sides.before, sides.base, before[variant], variant);
    const stood = new Set(was?.findings.map(identityOf));
    const changes =
      now.schema && was?.schema ? await changesOf(was.schema, now.schema, sides, settings, variant) : [];
    found.push(
      ...changes.filter((finding) => !known.has(identityOf(finding))),
      ...now.findings.filter((finding) => !stood.has(identityOf(finding)) && !isTold(finding, changes)),
    );
  }
  return found;
}

async function changesOf(
  was: GraphQLSchema,
  now: GraphQLSchema,
  sides: Sides,
  settings: VariantSettings,
  variant: string,
): Promise<Finding[]> {
  const { operations, usage } = sides.base.repository;
  const ofClients = operations.filter((one) => isClient(settings, one));
  const impact = impactOn(ofClients, was, now, sides.head.repository.usage ?? usage);
  const changes = await apiChanges(was, now);
  return changes.map((change) => ({ ...asFinding(change, sides, impact, 'change'), variant }));
}

/** A refused operation whose reason is among the changes. */
const isTold = ({ code, usedBy = [] }: Finding, changes: readonly Finding[]): boolean =>
  code === 'CONTRACT_OPERATION' &&
  changes.some(({ level, usedBy: users = [] }) =>
    users.some(
      ({ client, operation }) =>
        level === 'breaking' && client === usedBy[0]?.client && operation === usedBy[0].operation,
    ),
  );

interface Checked {
  /** Not there if it is no valid one. */
  schema?: GraphQLSchema;
  findings: Finding[];
}

function checkVariant(
  composed: Composed,
  snapshot: Snapshot,
  settings: VariantSettings,
  variant: string,
): Checked {
  const { schema, findings } = schemaOf(composed, snapshot, settings, variant);
  if (!schema) return { findings };
  return { schema, findings: refusedOperations(schema, composed, snapshot, settings, variant) };
}

const identityOf = ({ code, coordinate, level, message }: Finding) =>
  `${level} ${code} ${coordinate ?? message}`;

/** Without clients of its own a variant is weighed by everybody's operations. */
const isClient = ({ clients }: VariantSettings, { client }: Operation) =>
  clients.length === 0 || clients.includes(client);

function schemaOf(
  { apiSchema, view }: Composed,
  { locations }: Snapshot,
  settings: VariantSettings,
  variant: string,
): Checked {
  const api = parse(printSchema(apiSchema), { noLocation: true });
  const { document, faults } = filterByTags(api, tagsIn(view).tagsOf, settings);
  if (faults.length === 0) {
    const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
    return { schema, findings: [] };
  }
  const findings = faults.map(({ coordinate, message, remedy }) => ({
    ...placed(coordinate, locations),
    code: 'CONTRACT_INVALID',
    area: 'contract' as const,
    level: 'breaking' as const,
    message: `${variant} is no valid schema: ${message}`,
    remedy,
    coordinate,
    variant,
  }));
  return { findings };
}

function refusedOperations(
  schema: GraphQLSchema,
  { apiSchema }: Composed,
  { repository }: Snapshot,
  settings: VariantSettings,
  variant: string,
): Finding[] {
  if (settings.clients.length === 0) return [];
  return repository.operations
    .filter((operation) => isClient(settings, operation))
    .flatMap((operation) => {
      const [error] = validate(schema, operation.document);
      // What the whole refuses too is told there.
      if (!error || validate(apiSchema, operation.document).length > 0) return [];
      const use = useAt(operation, error.nodes?.[0] ?? operation.document.definitions[0]!, repository.usage);
      const { file, line, column } = use;
      return [
        {
          code: 'CONTRACT_OPERATION',
          area: 'contract' as const,
          level: 'breaking' as const,
          message: `${operation.client}/${operation.name} is refused by ${variant}: ${error.message}`,
          remedy: `Show what it asks for in ${variant}, or give ${operation.client} another variant.`,
          place: { file, line, column },
          usedBy: [use],
          variant,
        },
      ];
    });
}

const goneVariants = (before: Variants, after: Variants): Finding[] =>
  Object.keys(before)
    .filter((variant) => !(variant in after))
    .map((variant) => ({
      code: 'CONTRACT_GONE',
      area: 'contract',
      level: 'breaking',
      message: `Variant ${variant} is not in the settings any more.`,
      remedy: 'Keep it until its clients have moved.',
      variant,
    }));

/** Only where there are variants: without them tags may stand for anything. */
function unknownTags({ before, after, head }: Sides, had: Variants, has: Variants): Finding[] {
  if (Object.keys(has).length === 0) return [];
  const unknown = ({ view }: Composed, variants: Variants) => {
    const known = new Set(
      Object.values(variants).flatMap(({ include, exclude }) => [...include, ...exclude]),
    );
    return [...tagsIn(view).all].filter(([tag]) => !known.has(tag));
  };
  const stood = new Set(unknown(before, had).map(([tag]) => tag));
  return unknown(after, has)
    .filter(([tag]) => !stood.has(tag))
    .map(([tag, coordinate]) => ({
      ...placed(coordinate, head.locations),
      code: 'TAG_UNKNOWN',
      area: 'contract',
      level: 'risky',
      message: `No variant includes or excludes the tag "${tag}" of ${coordinate}.`,
      remedy: 'Correct the tag, or name it in a variant.',
      coordinate,
    }));
}

function placed(coordinate: string, locations: Snapshot['locations']): Pick<Finding, 'place' | 'subgraph'> {
  const found = locations.of(coordinate);
  if (!found) return {};
  const { subgraph, ...place } = found;
  return { subgraph, place };
}
