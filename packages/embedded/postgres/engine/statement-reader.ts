/** Reads a utility statement's parse tree out of Postgres' memory, as far as anybody cares for its kind. */
import { isNode, type ParseNode, parseNodeText } from './node-text.ts';
import type { Memory, Pointer, PostgresModule } from './postgres-module.ts';
import { isInteresting } from './utility-policy.ts';

/** Where struct PlannedStmt of Postgres 18 keeps its utilityStmt; checked at the engine's start. */
const UTILITY_STATEMENT = 88;

export interface StatementReader {
  address(planned: Pointer): Pointer;
  /** Undefined for kinds of statements that always run as they are: BEGIN, COMMIT, CREATE INDEX and most others. */
  read(planned: Pointer): ParseNode | undefined;
}

export function statementReader(module: PostgresModule, memory: Memory): StatementReader {
  /** By node tag, the number that stands first in each node: whether its kind is of interest. */
  const interesting = new Map<number, boolean>();

  const address = (planned: Pointer) => memory.word(planned + UTILITY_STATEMENT);

  const read = (planned: Pointer): ParseNode | undefined => {
    const statement = address(planned);
    const tag = memory.word(statement);
    if (interesting.get(tag) === false) return undefined;
    const text = memory.text(module._nodeToString(statement));
    const [, type = ''] = /^\{(\w+)/.exec(text) ?? [];
    interesting.set(tag, isInteresting(type));
    if (!isInteresting(type)) return undefined;
    const node = parseNodeText(text);
    return isNode(node) ? node : undefined;
  };

  return { address, read };
}
