/** Turns the pages of a list as a client would, to its end, and answers every node in the order of the list. */
import type { Connection, PageArguments } from '../lists/connections.ts';

type FetchPage<Node> = (args: PageArguments) => Promise<Connection<Node>>;

/** A list whose pages never end would be a bug to report, not to wait for. */
const MAX_PAGES = 1_000;

export async function walkForward<Node>(fetch: FetchPage<Node>, size: number): Promise<Node[]> {
  const visited: Node[] = [];
  let after: string | null = null;
  for (let turned = 0; turned < MAX_PAGES; turned++) {
    const { nodes, pageInfo }: Connection<Node> = await fetch({ first: size, after });
    visited.push(...nodes);
    if (!pageInfo.hasNextPage) return visited;
    after = pageInfo.endCursor;
  }
  throw new Error('the list does not end');
}

export async function walkBackward<Node>(fetch: FetchPage<Node>, size: number): Promise<Node[]> {
  const visited: Node[] = [];
  let before: string | null = null;
  for (let turned = 0; turned < MAX_PAGES; turned++) {
    const { nodes, pageInfo }: Connection<Node> = await fetch({ last: size, before });
    visited.unshift(...nodes);
    if (!pageInfo.hasPreviousPage) return visited;
    before = pageInfo.startCursor;
  }
  throw new Error('the list does not end');
}
