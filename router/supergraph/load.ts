/** Reads supergraph SDL into what the router runs on: the schema that clients see, the rules, the planner. */
import { createHash } from 'node:crypto';
import {
  operationFromDocument,
  Supergraph as PlannerSupergraph,
  type Schema,
} from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { type DocumentNode, type GraphQLSchema, parse, print } from 'graphql';
import { type Rules, readRules } from '../policy/rules.ts';
import { unenforcedSecurity, withoutEnforcedSecurity } from './security.ts';
import { readSharedFields } from './shared-fields.ts';
import { readWeights, type Weights } from './weights.ts';

export interface Subgraph {
  name: string;
  /** As the SDL has it; may be empty. */
  url: string;
}

export interface Supergraph {
  /** Tells one SDL from another in logs. */
  id: string;
  /** What clients may ask for: without federation's own parts and without what is `@inaccessible`. */
  apiSchema: GraphQLSchema;
  /** What all subgraphs have together. */
  schema: GraphQLSchema;
  rules: Rules;
  weights: Weights;
  /** Names of subscription fields that tell everybody the same. */
  sharedFields: ReadonlySet<string>;
  subgraphs: readonly Subgraph[];
  /** As planners get it: without what this router enforces by itself. */
  sdl: string;
  plan(document: DocumentNode, operationName: string | undefined): QueryPlan;
  /** The API schema as the stock executor wants it. */
  stock: { apiSchema: Schema };
}

/** The message goes to whoever put the supergraph there: it says what is wrong with it, and nothing else. */
export class SupergraphError extends Error {
  override name = 'SupergraphError';
}

export function loadSupergraph(sdl: string): Supergraph {
  const document = parseSdl(sdl);
  const open = unenforcedSecurity(document);
  if (open.length > 0) throw new SupergraphError(`The supergraph is refused: ${open.join('; ')}`);
  try {
    return build(idOf(sdl), document);
  } catch (error) {
    // Apollo's packages throw plain errors and GraphQL errors alike; the message is what tells.
    throw new SupergraphError(`The supergraph is not valid: ${(error as Error).message}`, { cause: error });
  }
}

export function idOf(sdl: string): string {
  return createHash('sha256').update(sdl).digest('hex').slice(0, 12);
}

function build(id: string, document: DocumentNode): Supergraph {
  const plain = withoutEnforcedSecurity(document);
  const supergraph = PlannerSupergraph.build(plain, { validateSupergraph: true });
  // The reference executor alone asks for its plans, where another planner serves.
  let planner: QueryPlanner | undefined;
  const apiSchema = supergraph.apiSchema();
  return {
    id,
    apiSchema: apiSchema.toGraphQLJSSchema(),
    schema: supergraph.schema.toGraphQLJSSchema(),
    rules: readRules(document),
    weights: readWeights(document),
    sharedFields: readSharedFields(document),
    subgraphs: [...supergraph.subgraphsMetadata()].map(({ name, url }) => ({ name, url: url ?? '' })),
    sdl: print(plain),
    plan: (operation, operationName) => {
      planner ??= new QueryPlanner(supergraph);
      return planner.buildQueryPlan(
        operationFromDocument(apiSchema, operation, operationName === undefined ? {} : { operationName }),
      );
    },
    stock: { apiSchema },
  };
}

function parseSdl(sdl: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (error) {
    // A file that is half written looks like this too; the next change of it is read again.
    throw new SupergraphError(`The supergraph is not valid SDL: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
