/** The audit log and the end of its chain. Rows are added and read, and nothing else. */
import type { Page } from '@souk/kit/lists/connections';
import { postgresPage } from '@souk/kit/lists/connections-postgres';
import { defineOrder, descending } from '@souk/kit/lists/cursors';
import { anyOf, type Queryable } from '@souk/kit/postgres/postgres';
import { and, asc, eq, gt, gte, lt } from 'drizzle-orm';
import { lowestIdAt } from './ids-by-time.ts';
import { auditHead, auditLog } from './tables.ts';

export const NEWEST_AUDIT_ENTRIES = defineOrder('accounts.auditLog', [descending('id', 'text')]);

export interface AuditListFilter {
  subjectId?: string | null | undefined;
  actorId?: string | null | undefined;
  actions?: readonly string[] | null | undefined;
  from?: Date | null | undefined;
  to?: Date | null | undefined;
}

export function listAuditEntries(db: Queryable, filter: AuditListFilter, page: Page) {
  const { subjectId, actorId, actions, from, to } = filter;
  const { where, orderBy, limit } = postgresPage(NEWEST_AUDIT_ENTRIES, page, { id: auditLog.id });
  return db
    .select()
    .from(auditLog)
    .where(
      and(
        subjectId ? eq(auditLog.subjectId, subjectId) : undefined,
        actorId ? eq(auditLog.actorId, actorId) : undefined,
        actions ? anyOf(auditLog.action, actions) : undefined,
        from ? gte(auditLog.id, lowestIdAt('aud', from)) : undefined,
        to ? lt(auditLog.id, lowestIdAt('aud', to)) : undefined,
        where,
      ),
    )
    .orderBy(...orderBy)
    .limit(limit);
}

/** Whoever holds it appends next. */
export function lockAuditHead(db: Queryable) {
  return db.select().from(auditHead).where(eq(auditHead.singleton, true)).for('update');
}

export function findAuditHead(db: Queryable) {
  return db.select().from(auditHead).where(eq(auditHead.singleton, true));
}

export function insertAuditEntry(db: Queryable, entry: typeof auditLog.$inferInsert) {
  return db.insert(auditLog).values(entry);
}

export function moveAuditHead(db: Queryable, seq: number, hash: Buffer) {
  return db.update(auditHead).set({ seq, hash }).where(eq(auditHead.singleton, true));
}

export function readAuditLog(db: Queryable, after: number, limit: number) {
  return db.select().from(auditLog).where(gt(auditLog.seq, after)).orderBy(asc(auditLog.seq)).limit(limit);
}

/** What was done to, or by, a person: part of their export. */
export function findAuditEntriesAbout(db: Queryable, subjectId: string) {
  return db.select().from(auditLog).where(eq(auditLog.subjectId, subjectId)).orderBy(asc(auditLog.id));
}
