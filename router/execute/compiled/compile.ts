/** An operation made ready to run: for one set of values of its conditions, everything that does not need a request. */
import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import type { Plan, RootFetch } from '../../plan/plan.ts';
import type { Withheld } from '../../policy/withhold.ts';
import { type Conditions, leavesOut } from './conditions.ts';
import { fetchGraph } from './fetch-graph.ts';
import { type AnswerIntrospection, introspectionOf } from './introspection.ts';
import { type Projection, projectionOf } from './projection.ts';
import { type ReadyStep, readySteps } from './steps.ts';
import { Place } from './values.ts';

export interface CompileInput {
  plan: Plan;
  document: DocumentNode;
  definition: OperationDefinitionNode;
  withheld: ReadonlyMap<string, Withheld>;
  /** Of all subgraphs together, and as clients see it. */
  schema: GraphQLSchema;
  apiSchema: GraphQLSchema;
}

export interface Compiled {
  root: Place;
  steps: readonly ReadyStep[];
  /** Where the events of a subscription come from. */
  source: RootFetch | undefined;
  /** By step: which steps wait for it. */
  followers: readonly (readonly number[])[];
  /** By step: for how many it waits. */
  waitsFor: readonly number[];
  /** How many lists of rows a run needs. */
  lists: number;
  projection: Projection;
  introspect: AnswerIntrospection;
}

export function compile(input: CompileInput, conditions: Conditions): Compiled {
  const { plan, document, definition: operation, withheld, schema, apiSchema } = input;
  const isLeftOut = leavesOut(conditions);
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  const graph = fetchGraph(plan, conditions);
  const root = new Place();
  const { ready, lists } = readySteps(graph, { schema, apiSchema, isLeftOut, root });
  return {
    root,
    steps: ready,
    source: graph.flatMap((step) =>
      step.kind === 'root' && step.fetch.operationKind === 'subscription' ? [step.fetch] : [],
    )[0],
    followers: graph.map((_, index) =>
      graph.flatMap(({ waitsFor }, other) => (waitsFor.includes(index) ? [other] : [])),
    ),
    waitsFor: graph.map(({ waitsFor }) => waitsFor.length),
    lists,
    projection: projectionOf({ apiSchema, operation, fragments, isLeftOut, withheld }, root),
    introspect: introspectionOf({ apiSchema, operation, fragments }),
  };
}
