/**
 * Runs operations as compiled.ts has made them ready. What cannot be compiled runs on the reference executor, and is
 * counted.
 */
import { maskedMessage } from '@souk/kit/errors/errors';
import type { Log } from '@souk/kit/observe/log';
import { type DocumentNode, type OperationDefinitionNode, print, stripIgnoredCharacters } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Plan } from '../../plan/plan.ts';
import type { Planner } from '../../plan/planner.ts';
import { UnsupportedPlan } from '../../plan/unsupported.ts';
import type { Supergraph } from '../../supergraph/load.ts';
import type { Reply, SubgraphClient } from '../ask-subgraph.ts';
import { withoutIdleConditions } from '../conditions.ts';
import {
  type Answer,
  type AnswerError,
  type EventExecutor,
  type Executor,
  type Operation,
  RenderedData,
} from '../executor.ts';
import { type Compiled, compile } from './compile.ts';
import { conditionVariables, valuesOf } from './conditions.ts';
import { Incomplete } from './errors.ts';
import { explainSteps } from './explain.ts';
import { UnsupportedRewrite } from './representations.ts';
import { NameTaken } from './request.ts';
import {
  answerWithClientNames,
  fieldNamesOf,
  type InDocument,
  keptApart,
  withClientNames,
} from './response-names.ts';
import { run } from './run.ts';
import { UnknownField } from './shape.ts';

export interface CompiledOptions {
  supergraph: Supergraph;
  planner: Planner;
  subgraphs: ReadonlyMap<string, SubgraphClient>;
  /** Runs what cannot be compiled. */
  reference: Executor;
  /** How many plans are kept. */
  planCapacity: number;
  onFallback(reason: string): void;
  log: Log;
}

/** Runs an operation, once it is known under which conditions. */
interface Ready {
  /** As it is planned. */
  plain: InDocument;
  conditions: readonly string[];
  compiledFor(key: string, operation: Unasked): Compiled | { reason: string };
}

type Unasked = Omit<Operation, 'caller'> & { caller?: Operation['caller'] };

/** Sets of values that the conditions of one operation come with; each is compiled by itself. */
const MAX_VARIANTS = 32;
/** Text of operations; a plan takes about as much again. */
const MAX_KEPT_CHARACTERS = 8_000_000;

export function createCompiledExecutor(options: CompiledOptions): EventExecutor {
  const { supergraph, planner, subgraphs, reference, planCapacity, onFallback, log } = options;
  const { apiSchema, schema } = supergraph;
  const fieldNames = fieldNamesOf(schema);
  const byDefinition = new WeakMap<OperationDefinitionNode, Ready>();
  const plans = new LRUCache<string, { plan: Plan }>({
    max: planCapacity,
    maxSize: MAX_KEPT_CHARACTERS,
    sizeCalculation: (_, key) => key.length,
  });

  const readyOf = ({ document, definition, withheld = new Map() }: Unasked): Ready => {
    const known = byDefinition.get(definition);
    if (known) return known;
    const plain = keptApart(withoutIdle(document, definition), fieldNames);
    const variants = new LRUCache<string, Compiled | { reason: string }>({ max: MAX_VARIANTS });
    const ready: Ready = {
      plain,
      conditions: conditionVariables(document),
      compiledFor: (key, operation) => {
        const kept = variants.get(key);
        if (kept) {
          operation.caller?.planned?.(true, 0);
          return kept;
        }
        const started = performance.now();
        const compiled = compileFor(operation);
        variants.set(key, compiled);
        operation.caller?.planned?.(false, (performance.now() - started) / 1000);
        return compiled;
      },
    };
    const compileFor = ({ variables }: Unasked): Compiled | { reason: string } => {
      try {
        const plan = planOf(plain);
        const conditions = valuesOf(ready.conditions, definition, variables);
        if (!conditions) return { reason: 'condition' };
        return compile({ ...plain, plan, withheld, schema, apiSchema }, conditions);
      } catch (error) {
        return { reason: reasonOf(error, log) };
      }
    };
    byDefinition.set(definition, ready);
    return ready;
  };

  const withoutIdle = (document: DocumentNode, definition: OperationDefinitionNode): InDocument => {
    const plain = withoutIdleConditions(document, apiSchema);
    const at = document.definitions.indexOf(definition);
    return { document: plain, definition: plain.definitions[at] as OperationDefinitionNode };
  };

  const planOf = ({ document, definition }: InDocument): Plan => {
    const name = definition.name?.value;
    const key = `${name ?? ''} ${stripIgnoredCharacters(print(document))}`;
    let known = plans.get(key);
    if (!known) {
      known = { plan: planner.plan(document, name) };
      plans.set(key, known);
    }
    return known.plan;
  };

  const compiledFor = (operation: Unasked): Compiled | { reason: string } => {
    const ready = readyOf(operation);
    return ready.compiledFor(keyOf(ready.conditions, operation.variables), operation);
  };

  const runCompiled = async (
    compiled: Compiled,
    { variables, caller }: Operation,
    event?: Reply,
  ): Promise<Answer> => {
    const internalError = (error: unknown) => tellInternal(error, caller.requestId, log);
    const input = { variables, caller, subgraphs, internalError, ...(event ? { event } : {}) };
    try {
      const { text, errors, withheld } = await run(compiled, input);
      return answerOf(text, errors, withheld);
    } catch (error) {
      return { errors: [internalError(error)] };
    }
  };

  return {
    prepare: compiledFor,
    execute: async (operation) => {
      const compiled = compiledFor(operation);
      if (!('reason' in compiled)) return runCompiled(compiled, operation);
      onFallback(compiled.reason);
      const { plain } = readyOf(operation);
      return answerWithClientNames(await reference.execute({ ...operation, ...plain }));
    },
    source: (operation) => {
      const compiled = compiledFor(operation);
      if (!('reason' in compiled)) return { ok: true, fetch: compiled.source };
      onFallback(compiled.reason);
      return { ok: false, reason: compiled.reason };
    },
    executeEvent: (operation, event) => {
      // `source` has compiled it, and has found out who sends the events.
      const compiled = compiledFor(operation) as Compiled;
      const { subgraph } = compiled.source!;
      return runCompiled(compiled, operation, subgraphs.get(subgraph)!.received(event, operation.caller));
    },
    explain: (operation) => {
      const compiled = compiledFor(operation);
      return 'reason' in compiled ? undefined : explainSteps(compiled);
    },
    close: () => reference.close(),
  };
}

function answerOf(text: string, errors: AnswerError[], withheld: Answer['withheld']): Answer {
  return {
    data: text === 'null' ? null : new RenderedData(text),
    errors: errors.map(withClientNames),
    withheld: withheld ?? { places: [], unlisted: 0 },
  };
}

function keyOf(conditions: readonly string[], variables: Record<string, unknown>): string {
  let key = '';
  for (const name of conditions) {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    key += value === true ? '1' : value === false ? '0' : value === undefined ? '-' : '?';
  }
  return key;
}

const REASONS: readonly [new (...args: never[]) => Error, string][] = [
  [UnsupportedPlan, 'plan'],
  [UnsupportedRewrite, 'rewrite'],
  [UnknownField, 'field'],
  [NameTaken, 'variable name'],
];

function reasonOf(error: unknown, log: Log): string {
  const known = REASONS.find(([kind]) => error instanceof kind);
  if (known) return known[1];
  // A fault of the compiler's own: the reference executor still answers.
  log.error({ err: error }, 'An operation could not be compiled');
  return 'fault';
}

function tellInternal(error: unknown, requestId: string, log: Log): AnswerError {
  if (error instanceof Incomplete) log.error({ detail: error.message }, 'A subgraph broke its schema');
  else log.error({ err: error }, 'The executor failed');
  return { message: maskedMessage(requestId), extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}
