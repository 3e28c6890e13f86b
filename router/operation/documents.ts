/** Documents that have come by before are not parsed, validated or judged again. Bounded by number and by length. */
import { createHash } from 'node:crypto';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Shape, shapeOf } from '../policy/restore.ts';
import { type Permissions, permits, type Rule, type Rules } from '../policy/rules.ts';
import { restrict, rulesMetBy, type Withheld } from '../policy/withhold.ts';
import type { Refusal } from '../refusal.ts';
import type { Limits } from './limits.ts';
import { prepareDocument, selectOperation } from './prepare.ts';

export interface PreparedOperation {
  document: DocumentNode;
  definition: OperationDefinitionNode;
  /** Of the document's text; for logs. */
  hash: string;
  /** Whether it meets any field or type that not everybody may read. */
  isGuarded: boolean;
  /** What its viewer may read of it. */
  forViewer(permissions: Permissions): PermittedOperation;
}

export interface PermittedOperation {
  document: DocumentNode;
  definition: OperationDefinitionNode;
  withheld: ReadonlyMap<string, Withheld>;
  /** Where the withheld places are; absent when there are none. */
  shape?: Shape;
}

export interface Documents {
  operation(
    source: string,
    operationName: string | undefined,
  ): { ok: true; operation: PreparedOperation } | Refusal;
}

export interface DocumentsOptions {
  schema: GraphQLSchema;
  rules: Rules;
  limits: Limits;
  /** Whether clients may read the schema. */
  introspection: boolean;
  /** How many documents are kept. */
  capacity: number;
}

/** Text kept in memory; the parsed document takes about ten times as much. */
const MAX_KEPT_CHARACTERS = 8_000_000;
/** Of one operation: viewers with other scopes that matter to it. */
const MAX_VARIANTS = 50;

interface Kept {
  document: DocumentNode;
  hash: string;
  operations: Map<string | undefined, PreparedOperation>;
}

export function createDocuments(options: DocumentsOptions): Documents {
  const { schema, rules, capacity } = options;
  const cache = new LRUCache<string, Kept>({
    max: capacity,
    maxSize: MAX_KEPT_CHARACTERS,
    sizeCalculation: (_, source) => source.length || 1,
  });

  return {
    operation: (source, operationName) => {
      let kept = cache.get(source);
      if (!kept) {
        const prepared = prepareDocument(source, options);
        if (!prepared.ok) return prepared;
        kept = { document: prepared.document, hash: hashOf(source), operations: new Map() };
        cache.set(source, kept);
      }
      const known = kept.operations.get(operationName);
      if (known) return { ok: true, operation: known };
      const selected = selectOperation(kept.document, operationName);
      if (!selected.ok) return selected;
      const { definition } = selected;
      const operation: PreparedOperation = {
        document: kept.document,
        definition,
        hash: kept.hash,
        ...guarded(kept.document, definition),
      };
      kept.operations.set(operationName, operation);
      return { ok: true, operation };
    },
  };

  /** Most operations meet no rule, and most viewers meet those that they do; both get the document as it is. */
  function guarded(
    document: DocumentNode,
    definition: OperationDefinitionNode,
  ): Pick<PreparedOperation, 'isGuarded' | 'forViewer'> {
    const whole: PermittedOperation = { document, definition, withheld: new Map() };
    const met = rulesMetBy({ schema, rules, document, operation: definition });
    const variants = new LRUCache<string, PermittedOperation>({ max: MAX_VARIANTS });
    const forViewer = (permissions: Permissions): PermittedOperation => {
      const forbidden = met.filter((rule) => !permits(rule, permissions));
      if (forbidden.length === 0) return whole;
      const key = forbidden.map(({ coordinate }) => coordinate).join(' ');
      let variant = variants.get(key);
      if (!variant) {
        variant = restrictTo(document, definition, forbidden);
        variants.set(key, variant);
      }
      return variant;
    };
    return { isGuarded: met.length > 0, forViewer };
  }

  function restrictTo(
    document: DocumentNode,
    definition: OperationDefinitionNode,
    forbidden: readonly Rule[],
  ): PermittedOperation {
    const restricted = restrict({
      schema,
      rules,
      document,
      operation: definition,
      permits: (rule) => !forbidden.includes(rule),
    });
    const { withheld } = restricted;
    const permitted = { document: restricted.document, definition: restricted.operation, withheld };
    return withheld.size === 0 ? permitted : { ...permitted, shape: shapeOf(restricted, schema) };
  }
}

function hashOf(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 16);
}
