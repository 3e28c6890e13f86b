/** Requests for export and erasure, and each domain's step in them. */
import type { Page } from '@souk/kit/lists/connections';
import { postgresPage } from '@souk/kit/lists/connections-postgres';
import { ascending, defineOrder, descending } from '@souk/kit/lists/cursors';
import { anyOf, type Queryable } from '@souk/kit/postgres/postgres';
import { and, asc, eq, inArray, isNotNull, lt, lte, sql } from 'drizzle-orm';
import { OWNER, ownersOf } from './owned-pages.ts';
import { type PrivacyState, privacyRequests, privacySteps } from './tables.ts';

export const PRIVACY_REQUESTS_BY_DUE = defineOrder('accounts.privacyRequests', [
  ascending('dueAt', 'instant'),
  ascending('id', 'text'),
]);
export const NEWEST_PRIVACY_REQUESTS = defineOrder('accounts.user.privacyRequests', [
  descending('id', 'text'),
]);

export function findPrivacyRequests(db: Queryable, ids: readonly string[]) {
  return db.select().from(privacyRequests).where(anyOf(privacyRequests.id, ids));
}

export function listPrivacyRequests(db: Queryable, state: PrivacyState | null | undefined, page: Page) {
  const columns = { dueAt: privacyRequests.dueAt, id: privacyRequests.id };
  const { where, orderBy, limit } = postgresPage(PRIVACY_REQUESTS_BY_DUE, page, columns);
  return db
    .select()
    .from(privacyRequests)
    .where(and(state ? eq(privacyRequests.state, state) : undefined, where))
    .orderBy(...orderBy)
    .limit(limit);
}

/** A page of each user's requests. */
export function listPrivacyRequestsOfUsers(db: Queryable, userIds: readonly string[], page: Page) {
  const { where, orderBy, limit } = postgresPage(NEWEST_PRIVACY_REQUESTS, page, { id: privacyRequests.id });
  const listed = db
    .select()
    .from(privacyRequests)
    .where(and(eq(privacyRequests.userId, OWNER), where))
    .orderBy(...orderBy)
    .limit(limit)
    .as('listed');
  return db.select(listed._.selectedFields).from(ownersOf(userIds)).crossJoinLateral(listed);
}

export function findPrivacySteps(db: Queryable, requestIds: readonly string[]) {
  const { data: _, ...columns } = stepColumns;
  return db
    .select(columns)
    .from(privacySteps)
    .where(anyOf(privacySteps.requestId, requestIds))
    .orderBy(asc(privacySteps.requestId), asc(privacySteps.domain));
}

/** With what each domain found, which may be large. */
export function findPrivacyData(db: Queryable, requestId: string) {
  return db
    .select({ domain: privacySteps.domain, data: privacySteps.data })
    .from(privacySteps)
    .where(eq(privacySteps.requestId, requestId))
    .orderBy(asc(privacySteps.domain));
}

/** Nothing when a request of this kind is open for the user. */
export function insertPrivacyRequest(db: Queryable, request: typeof privacyRequests.$inferInsert) {
  return db.insert(privacyRequests).values(request).onConflictDoNothing().returning();
}

export function insertPrivacySteps(
  db: Queryable,
  requestId: string,
  domains: readonly string[],
  askAt: Date,
) {
  return db
    .insert(privacySteps)
    .values(domains.map((domain) => ({ requestId, domain, state: 'PENDING' as const, askAt })));
}

export function findStepsOfRequest(db: Queryable, requestId: string) {
  return db
    .select({ domain: privacySteps.domain, state: privacySteps.state })
    .from(privacySteps)
    .where(eq(privacySteps.requestId, requestId));
}

export function lockPrivacyRequest(db: Queryable, id: string) {
  return db.select().from(privacyRequests).where(eq(privacyRequests.id, id)).for('update');
}

export function movePrivacyRequest(db: Queryable, id: string, state: PrivacyState, completedAt: Date | null) {
  return db.update(privacyRequests).set({ state, completedAt }).where(eq(privacyRequests.id, id)).returning();
}

/** Requests whose time has come. Several processes may look at once: each gets others. */
export function lockRequestsToStart(db: Queryable, now: Date, limit: number) {
  return db
    .select()
    .from(privacyRequests)
    .where(and(eq(privacyRequests.state, 'WAITING'), lte(privacyRequests.runsAt, now)))
    .orderBy(asc(privacyRequests.runsAt))
    .limit(limit)
    .for('update', { skipLocked: true });
}

/** Steps whose domain is to be asked, for the first time or again. */
export function lockStepsToAsk(db: Queryable, now: Date, limit: number) {
  const { data: _, ...columns } = stepColumns;
  return db
    .select(columns)
    .from(privacySteps)
    .where(and(eq(privacySteps.state, 'PENDING'), lte(privacySteps.askAt, now)))
    .orderBy(asc(privacySteps.askAt))
    .limit(limit)
    .for('update', { skipLocked: true });
}

export function noteStepAsked(db: Queryable, requestId: string, domain: string, askAgainAt: Date) {
  return db
    .update(privacySteps)
    .set({ asked: sql`${privacySteps.asked} + 1`, askAt: askAgainAt })
    .where(stepOf(requestId, domain));
}

export type StepOutcome = Pick<
  typeof privacySteps.$inferInsert,
  'state' | 'records' | 'retained' | 'finishedAt' | 'data'
>;

/** Nothing when the step was finished before: answers may come twice. */
export function finishStep(db: Queryable, requestId: string, domain: string, outcome: StepOutcome) {
  return db
    .update(privacySteps)
    .set(outcome)
    .where(and(stepOf(requestId, domain), eq(privacySteps.state, 'PENDING')))
    .returning({ domain: privacySteps.domain });
}

/** Not asked, so not counted: its turn has not come, or has come now. */
export function postponeStep(db: Queryable, requestId: string, domain: string, askAt: Date) {
  return db.update(privacySteps).set({ askAt }).where(stepOf(requestId, domain));
}

/** An archive holds everything about a person, and is not kept for longer than they need to fetch it. */
export function deleteArchivesCompletedBefore(db: Queryable, instant: Date) {
  const old = db
    .select({ id: privacyRequests.id })
    .from(privacyRequests)
    .where(and(eq(privacyRequests.state, 'COMPLETED'), lt(privacyRequests.completedAt, instant)));
  return db
    .update(privacySteps)
    .set({ data: null })
    .where(and(isNotNull(privacySteps.data), inArray(privacySteps.requestId, old)));
}

/** An operator's second chance for the domains that gave up. */
export function reopenFailedSteps(db: Queryable, requestId: string, now: Date) {
  return db
    .update(privacySteps)
    .set({ state: 'PENDING', asked: 0, askAt: now, finishedAt: null })
    .where(and(eq(privacySteps.requestId, requestId), eq(privacySteps.state, 'FAILED')))
    .returning({ domain: privacySteps.domain });
}

const stepColumns = {
  requestId: privacySteps.requestId,
  domain: privacySteps.domain,
  state: privacySteps.state,
  records: privacySteps.records,
  retained: privacySteps.retained,
  finishedAt: privacySteps.finishedAt,
  asked: privacySteps.asked,
  askAt: privacySteps.askAt,
  data: privacySteps.data,
};

function stepOf(requestId: string, domain: string) {
  return and(eq(privacySteps.requestId, requestId), eq(privacySteps.domain, domain));
}
