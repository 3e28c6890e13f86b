/** Runs one operation on an executor, over subgraphs that are as the case wants them. */
import { setImmediate as turn } from 'node:timers/promises';
import {
  type ExecutionResult,
  type GraphQLError,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Answer, type AnswerError, type Executor, RenderedData } from '../../execute/executor.ts';
import type { Transport } from '../../execute/transport.ts';
import { fromWire } from '../../execute/wire-text.ts';
import type { MakeExecutor } from './executors.ts';
import { type Fault, send } from './faults.ts';
import { type Composed, type SupergraphName, supergraphNamed } from './supergraphs.ts';
import { hash } from './world/chance.ts';
import type { World } from './world/resolve.ts';
import { answerOf, type SubgraphQuestion, type WorldSubgraph } from './world/subgraph.ts';

export interface Case {
  supergraph: SupergraphName;
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  world?: Partial<World>;
  faults?: readonly Fault[];
  /** Bytes in place of an answer, by subgraph; told the honest ones. */
  answers?: Readonly<Record<string, (honest: Buffer) => Buffer>>;
}

export interface Told {
  /** The bytes of `data`; nothing when nothing was executed. */
  data: string | undefined;
  errors: readonly AnswerError[];
  /** Mutations in the order in which subgraphs got them. */
  changes: readonly string[];
  fetches: number;
}

const WORLD: World = { seed: 'souk', isRaw: false, fails: new Set(), missing: new Set() };
const RUN = 'x-run';

interface Run {
  world: Partial<World>;
  faults: readonly Fault[];
  answers: NonNullable<Case['answers']>;
  changes: string[];
  fetches: number;
}

/** By the header that tells subgraphs which case they answer for. */
const runs = new Map<string, Run>();
let count = 0;

/** An operation that is ready to run, as often as wanted, on several executors. */
export interface Prepared {
  case: Case;
  composed: Composed;
  operation: Pick<Parameters<Executor['execute']>[0], 'document' | 'definition' | 'variables'>;
}

export function prepare(one: Case): Prepared {
  const composed = supergraphNamed(one.supergraph);
  const parsed = parsedOf(one, composed);
  const variables = one.variables ?? {};
  const { apiSchema } = composed.supergraph;
  refuse(one, getVariableValues(apiSchema, parsed.definition.variableDefinitions ?? [], variables).errors);
  return { case: one, composed, operation: { ...parsed, variables } };
}

type Parsed = Pick<Prepared['operation'], 'document' | 'definition'>;

/** Executors know an operation again by its document: what comes in many cases is planned once. */
const parsed = new LRUCache<string, Parsed>({ max: 1_000 });

function parsedOf(one: Case, { supergraph: { apiSchema } }: Composed): Parsed {
  const key = [one.supergraph, one.operationName, one.query].join('\n');
  const known = parsed.get(key);
  if (known) return known;
  const document = parse(one.query);
  refuse(one, validate(apiSchema, document));
  const definition = getOperationAST(document, one.operationName);
  if (!definition) throw new Error(`${one.query}: it has no operation ${one.operationName ?? 'of its own'}`);
  const made = { document, definition };
  parsed.set(key, made);
  return made;
}

/** A case that no executor would ever see proves nothing. */
function refuse({ query }: Case, errors: readonly GraphQLError[] = []): void {
  if (errors.length > 0) throw new Error(`${query}: ${errors.map(({ message }) => message).join('; ')}`);
}

const executors = new Map<MakeExecutor, Map<SupergraphName, Executor>>();

function executorOf(make: MakeExecutor, { name, supergraph, subgraphs }: Composed): Executor {
  const made = executors.get(make) ?? new Map<SupergraphName, Executor>();
  executors.set(make, made);
  let executor = made.get(name);
  if (!executor) {
    executor = make(supergraph, new Map(subgraphs.map((subgraph) => [subgraph.name, transportTo(subgraph)])));
    made.set(name, executor);
  }
  return executor;
}

export async function run(make: MakeExecutor, { case: one, composed, operation }: Prepared): Promise<Told> {
  const id = `run-${++count}`;
  const { world = WORLD, faults = [], answers = {} } = one;
  const state: Run = { world, faults, answers, changes: [], fetches: 0 };
  runs.set(id, state);
  try {
    const answer = await executorOf(make, composed).execute({
      ...operation,
      caller: { requestId: 'same', headers: () => ({ [RUN]: id }), hasLeft: () => false, observe: () => {} },
    });
    return { data: bytesOf(answer), errors: answer.errors, changes: state.changes, fetches: state.fetches };
  } finally {
    runs.delete(id);
  }
}

function bytesOf({ data }: Answer): string | undefined {
  if (data instanceof RenderedData) return fromWire(data.wireText);
  return data === undefined ? undefined : JSON.stringify(data);
}

/** In a world the same question has the same answer each time: cases that differ in what becomes of it share it. */
function honestAnswers(subgraph: WorldSubgraph) {
  const worlds = new WeakMap<Partial<World>, LRUCache<string, Promise<ExecutionResult>>>();
  return (body: string, question: SubgraphQuestion, world: Partial<World>) => {
    const answers = worlds.get(world) ?? new LRUCache({ max: 1_000 });
    worlds.set(world, answers);
    const answer = answers.get(body) ?? answerOf(subgraph, question, { ...WORLD, ...world });
    answers.set(body, answer);
    return answer;
  };
}

function transportTo(subgraph: WorldSubgraph): Transport {
  const honestAnswer = honestAnswers(subgraph);
  return {
    send: async ({ body: bytes, headers }) => {
      const body = bytes.toString();
      const state = runs.get(headers[RUN]!)!;
      const question = JSON.parse(body) as SubgraphQuestion;
      state.fetches++;
      if (/^\s*mutation\b/.test(question.query)) state.changes.push(`${subgraph.name} ${body}`);
      // Answers overtake each other, the same way each time.
      for (let waits = hash(`${subgraph.name} ${body}`) % 3; waits > 0; waits--) await turn();
      const fault = state.faults.find((candidate) => candidate.subgraph === subgraph.name);
      const outcome = send(await honestAnswer(body, question, state.world), fault);
      const change = state.answers[subgraph.name];
      return outcome.ok && change ? { ...outcome, body: change(Buffer.from(outcome.body)) } : outcome;
    },
    close: async () => {},
  };
}
