/** `ROUTER_PATHS`: paths beside GraphQL that other services answer, such as files and keys. */
import { z } from 'zod';
import { GRAPHQL_PATH } from '../http/handler.ts';

export interface PathTarget {
  /** `/media/` is everything below it; `/keys.json` is that path, and everything below it too. */
  prefix: string;
  /** `http://host:port`; the path goes there as it came. */
  origin: string;
}

/** What the router itself answers must not be taken away from it. */
const OWN = [GRAPHQL_PATH, '/health'];
const FORM = 'must be /prefix=http://host:port pairs with commas between them';

export const pathTargets = z.string().transform((text, context): PathTarget[] => {
  const targets: PathTarget[] = [];
  for (const pair of text.split(',')) {
    const [, prefix, address] = /^\s*(\/[^=\s]*)=(https?:\/\/\S+?)\/?\s*$/.exec(pair) ?? [];
    if (!prefix || !address || !URL.canParse(address) || new URL(address).origin !== address) {
      context.addIssue({ code: 'custom', message: FORM });
      return z.NEVER;
    }
    const taken = OWN.find((path) => reaches(prefix, path) || reaches(path, prefix));
    if (taken !== undefined) {
      context.addIssue({ code: 'custom', message: `must leave ${taken} to the router, but has ${prefix}` });
      return z.NEVER;
    }
    targets.push({ prefix, origin: address });
  }
  // The longest first: it is the one that is meant.
  return targets.sort((a, b) => b.prefix.length - a.prefix.length);
});

/** Dots that climb could lead a service that resolves them out of its prefix. */
const CLIMBS = /(?:[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?:[/\\]|%2f|%5c|$)/i;

export function targetOf(targets: readonly PathTarget[], path: string): PathTarget | undefined {
  const target = targets.find(({ prefix }) => reaches(prefix, path));
  return target && !CLIMBS.test(path) ? target : undefined;
}

function reaches(prefix: string, path: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/';
}
