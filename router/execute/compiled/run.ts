/** Runs a compiled operation: each step as soon as those are done that it waits for, then the answer's text. */
import type { Reply, SubgraphClient } from '../ask-subgraph.ts';
import type { AnswerError, Caller } from '../executor.ts';
import type { Compiled } from './compile.ts';
import { type Completed, complete, type WithheldPlaces } from './complete.ts';
import { Incomplete } from './errors.ts';
import type { FieldProjection } from './projection.ts';
import { render, UNSURE } from './render.ts';
import { type Run, runStep } from './run-step.ts';

export interface RunInput {
  variables: Record<string, unknown>;
  caller: Caller;
  subgraphs: ReadonlyMap<string, SubgraphClient>;
  /** Of a subscription: what came. */
  event?: Reply;
  /** For faults of the executor itself. */
  internalError(error: unknown): AnswerError;
}

export interface Rendered {
  /** Wire text of `data`. */
  text: string;
  errors: AnswerError[];
  withheld?: WithheldPlaces;
}

export async function run(compiled: Compiled, input: RunInput): Promise<Rendered> {
  const { variables, caller, subgraphs, event, internalError } = input;
  const current: Run = {
    root: compiled.root.blank.slice(),
    lists: Array.from({ length: compiled.lists }, () => []),
    errors: [],
    isSound: true,
    variables,
    caller,
    subgraphs,
    event,
    internalError,
  };
  await runSteps(compiled, current);
  return rendered(compiled, current);
}

function runSteps({ steps, followers, waitsFor }: Compiled, current: Run): Promise<void> {
  if (steps.length === 0) return Promise.resolve();
  const waiting = [...waitsFor];
  let left = steps.length;
  return new Promise((resolve, reject) => {
    const start = async (index: number): Promise<void> => {
      try {
        await runStep(current, steps[index]!);
      } catch (error) {
        if (error instanceof Incomplete) return reject(error);
        // Data that cannot be merged, say: the fields of this step stay null, the others are answered.
        current.errors.push(current.internalError(error));
      }
      if (--left === 0) resolve();
      for (const follower of followers[index]!) if (--waiting[follower]! === 0) void start(follower);
    };
    waitsFor.forEach((count, index) => {
      if (count === 0) void start(index);
    });
  });
}

function rendered(compiled: Compiled, { root, errors, isSound, variables }: Run): Rendered {
  const { projection } = compiled;
  const introspect = (field: FieldProjection) => compiled.introspect(field, variables);
  if (isSound) {
    try {
      return { text: render(root, projection, introspect), errors };
    } catch (error) {
      if (error !== UNSURE) throw error;
    }
  }
  const { text, broken, withheld }: Completed = complete(root, projection, introspect);
  // What subgraphs broke is told when none of them has said why.
  return { text, errors: errors.length > 0 ? errors : broken, withheld };
}
