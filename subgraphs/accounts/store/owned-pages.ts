/** The same page of many owners' lists at once: their addresses, their sessions. One query, one stretch of an index each. */
import { type SQL, sql } from 'drizzle-orm';

/** To be joined laterally with a page whose condition is `column = OWNER`. */
export function ownersOf(userIds: readonly string[]): SQL {
  return sql`unnest(${sql.param(userIds)}::text[]) as owner(id)`;
}

export const OWNER: SQL<string> = sql<string>`owner.id`;
