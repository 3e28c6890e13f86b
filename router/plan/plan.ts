/** What a planner answers: which subgraph is asked for what, in which order, and where its answer belongs. */

/** Nothing where no subgraph needs to be asked. */
export type Plan = PlanNode | undefined;

export type PlanNode = PlanGroup | PlanCondition | RootFetch | EntityFetch;

export interface PlanGroup {
  kind: 'sequence' | 'parallel';
  nodes: readonly PlanNode[];
}

export interface PlanCondition {
  kind: 'condition';
  /** A variable of the client's operation. */
  variable: string;
  whenTrue?: PlanNode;
  whenFalse?: PlanNode;
}

interface Fetch {
  subgraph: string;
  /** Text of the operation that the subgraph is sent. */
  operation: string;
  operationName?: string;
  /** Variables of the client that the operation uses. */
  variables: readonly string[];
}

/** Fields of a root type. */
export interface RootFetch extends Fetch {
  kind: 'root';
  operationKind: 'query' | 'mutation' | 'subscription';
  /** Empty, save for a field deeper down whose type is a root type again. */
  path: Path;
  renames: readonly Rename[];
}

/** More of objects that are known by key. */
export interface EntityFetch extends Fetch {
  kind: 'entities';
  parts: readonly EntityPart[];
}

/** One `_entities` of an operation. */
export interface EntityPart {
  /** Its response key. */
  alias: string;
  /** Variable that takes its representations. */
  variable: string;
  /** Where in the answer the objects are. */
  paths: readonly Path[];
  requires: readonly Requirement[];
  /** What becomes of a representation before it is sent. */
  inputRewrites: readonly InputRewrite[];
  /** What becomes of a received entity before it is merged. */
  renames: readonly Rename[];
}

/** A response key, `@` for the items of a list, or the types that objects here must have. */
export type PathStep = string | { types: readonly string[] };
export type Path = readonly PathStep[];

export type Requirement = RequiredField | RequiredOnType;

export interface RequiredField {
  kind: 'field';
  /** Under what key the answer has it. */
  key: string;
  /** Under what key it is sent, where that is another one. */
  as?: string;
  fields?: readonly Requirement[];
}

export interface RequiredOnType {
  kind: 'type';
  type: string;
  fields: readonly Requirement[];
}

/** Keys and types that lead to the field, which is the last of them. */
export interface Rename {
  path: Path;
  to: string;
}

export type InputRewrite =
  | { kind: 'set'; path: Path; value: unknown }
  | { kind: 'rename'; path: Path; to: string };

/** The response keys of a path alone. */
export function keysOf(path: Path): string[] {
  return path.filter((step): step is string => typeof step === 'string' && step !== '@');
}
