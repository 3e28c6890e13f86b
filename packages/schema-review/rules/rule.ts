/** What a house rule is: it looks at the subgraphs of one side and names what does not hold. */
import type { ASTNode } from 'graphql';
import type { RuleSettings } from '../settings.ts';
import type { Graph } from './graph.ts';

export interface Violation {
  code: string;
  message: string;
  remedy: string;
  coordinate: string;
  subgraph: string;
  node: ASTNode;
}

export interface RuleContext {
  settings: RuleSettings;
  /** ISO date. */
  today: string;
}

export type Rule = (graph: Graph, context: RuleContext) => Iterable<Violation>;
