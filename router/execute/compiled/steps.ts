/** Steps with all that can be made ready before a request comes: texts, shapes, and what becomes of the answers. */
import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { type EntityPart, keysOf, type Path } from '../../plan/plan.ts';
import { wireJson } from '../wire-text.ts';
import type { IsLeftOut } from './conditions.ts';
import type { EntityStep, RootStep, Step } from './fetch-graph.ts';
import { type Enlist, enlistBelow } from './merge.ts';
import { type Represent, representationOf } from './representations.ts';
import { joinedRequest, operationOf, type Request, rootRequest } from './request.ts';
import { type Shape, shapeOf } from './shape.ts';
import { split } from './split.ts';
import type { Place } from './values.ts';

export type ReadyStep = ReadyRootStep | ReadyEntityStep;

export interface ReadyRootStep {
  kind: 'root';
  subgraph: string;
  request: Request;
  isMutation: boolean;
  /** Its answer is there before the operation runs: an event. */
  isSubscription: boolean;
  path: Path;
  place: Place;
  shape: Shape;
  enlist: Enlist | undefined;
}

export interface ReadyEntityStep {
  kind: 'entities';
  subgraph: string;
  request: Request;
  parts: readonly ReadyPart[];
  /** The parts of the step as requests of their own, for when one spoils the answer of all; made when needed. */
  alone(): readonly ReadyEntityStep[];
}

export interface ReadyPart {
  alias: string;
  /** `"representations":[` */
  opening: string;
  positions: readonly Position[];
}

/** One path at which objects are asked for. */
export interface Position {
  path: Path;
  place: Place;
  represent: Represent;
  shape: Shape;
  enlist: Enlist | undefined;
  /** Objects of the answer may not be shared by the rows that they are merged into: others bring the same fields. */
  copies: boolean;
  /** Only below objects of some types: the list of the place has others too. */
  isConditional: boolean;
}

export interface StepsInput {
  schema: GraphQLSchema;
  apiSchema: GraphQLSchema;
  isLeftOut: IsLeftOut;
  root: Place;
}

/** Gives every place its slots. How many lists of rows there are comes with it. */
export function readySteps(steps: readonly Step[], input: StepsInput): { ready: ReadyStep[]; lists: number } {
  const { root } = input;
  let lists = 0;
  const drafts = steps.map((step) =>
    step.kind === 'root' ? readyRoot(step, input) : readyEntities(step, input, list),
  );
  root.seal();
  for (const draft of drafts) finish(draft);
  return { ready: drafts, lists };

  function list(place: Place): void {
    place.list ??= lists++;
  }
}

function readyRoot({ fetch }: RootStep, input: StepsInput): ReadyRootStep {
  const request = rootRequest(fetch);
  const place = input.root.at(keysOf(fetch.path));
  const { selectionSet: set } = operationOf(request.document);
  const type = input.schema.getRootType(operationOf(request.document).operation)!;
  const { renames, subgraph, path, operationKind } = fetch;
  if (isConditionalPath(path)) place.isConditional = true;
  return {
    kind: 'root',
    subgraph,
    request,
    isMutation: operationKind === 'mutation',
    isSubscription: operationKind === 'subscription',
    path,
    place,
    shape: shapeOf({ ...input, document: request.document, renames }, place, [{ set, type }]),
    enlist: undefined,
  };
}

function readyEntities(
  { fetches }: EntityStep,
  input: StepsInput,
  list: (place: Place) => void,
): ReadyEntityStep {
  const { request, parts } = joinedRequest(fetches);
  let alone: ReadyEntityStep[] | undefined;
  const step: ReadyEntityStep = {
    kind: 'entities',
    subgraph: fetches[0]!.subgraph,
    request,
    parts: parts.map(({ part, selection }) => ({
      alias: part.alias,
      opening: `${wireJson(part.variable)}:[`,
      positions: part.paths.map((path) =>
        positionAt(path, part, request.document, selection.selectionSet!, input, list),
      ),
    })),
    alone: () => {
      if (parts.length === 1) return [];
      alone ??= fetches.flatMap(split).map((fetch) => {
        const one = readyEntities({ kind: 'entities', fetches: [fetch], waitsFor: [] }, input, () => {});
        finish(one);
        return one;
      });
      return alone;
    },
  };
  return step;
}

function positionAt(
  path: Path,
  part: EntityPart,
  document: DocumentNode,
  set: SelectionSetNode,
  input: StepsInput,
  list: (place: Place) => void,
): Position {
  const place = input.root.at(keysOf(path));
  const isConditional = isConditionalPath(path);
  if (isConditional) place.isConditional = true;
  else list(place);
  const { schema } = input;
  const { requires, inputRewrites, renames } = part;
  return {
    path,
    place,
    represent: representationOf(schema, place, requires, inputRewrites),
    shape: shapeOf({ ...input, document, renames }, place, readsOf(set, schema, document)),
    enlist: undefined,
    copies: false,
    isConditional,
  };
}

/** Below objects of some types only. */
function isConditionalPath(path: Path): boolean {
  return path.some((step) => typeof step !== 'string');
}

/** `_entities` has no type of its own in the supergraph: what is selected stands under type conditions. */
function readsOf(
  set: SelectionSetNode,
  schema: GraphQLSchema,
  document: DocumentNode,
): { set: SelectionSetNode; type: GraphQLCompositeType }[] {
  return set.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [];
    const fragment =
      node.kind === Kind.FRAGMENT_SPREAD
        ? document.definitions.find(
            (definition) =>
              definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === node.name.value,
          )
        : node;
    if (fragment?.kind !== Kind.INLINE_FRAGMENT && fragment?.kind !== Kind.FRAGMENT_DEFINITION) return [];
    const type = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
    return isCompositeType(type) ? [{ set: fragment.selectionSet, type }] : [];
  });
}

/** When it is known of every place who brings what to it. */
function finish(step: ReadyStep): void {
  if (step.kind === 'root') {
    knowByText(step.shape);
    step.enlist = enlistBelow(step.shape);
    return;
  }
  for (const position of step.parts.flatMap(({ positions }) => positions)) {
    knowByText(position.shape);
    position.enlist = enlistBelow(position.shape);
    position.copies = hasRivals(position.shape);
  }
}

function hasRivals(shape: Shape): boolean {
  return below(shape).some((child) => child.place.providers > 1 || hasRivals(child));
}

/**
 * Where objects with the same text may be one row: whatever comes to one of them comes to all, and to all below them.
 * Scalars alone, of which nobody asks more, are read as fast as they are found again. Whether it holds for the whole shape.
 */
function knowByText(shape: Shape): boolean {
  let isSafe = true;
  for (const child of below(shape)) {
    const { providers, isConditional, list } = child.place;
    const isChildSafe = knowByText(child) && providers === 1 && !isConditional;
    child.isKnownByText = isChildSafe && (list !== undefined || below(child).length > 0);
    isSafe &&= isChildSafe;
  }
  return isSafe;
}

function below(shape: Shape): Shape[] {
  return [...shape.fields.values()].flatMap((field) => field.shape ?? []);
}
