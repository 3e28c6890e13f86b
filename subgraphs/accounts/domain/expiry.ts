/** What has expired is taken out. */
import type { Database } from '@souk/kit/postgres/postgres';
import { deleteAttemptsBefore } from '../store/attempts.ts';
import { deleteChallengesExpiredBefore, deleteMailedTokensExpiredBefore } from '../store/one-time-tokens.ts';
import { deleteRefreshTokensExpiredBefore, deleteSessionsExpiredBefore } from '../store/sessions.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Ended sessions and counts are kept a little, for exports and for those who come back tomorrow. */
const KEPT_MS = 2 * DAY_MS;

export async function removeExpired(db: Database, now: Date): Promise<void> {
  await deleteMailedTokensExpiredBefore(db, now);
  await deleteChallengesExpiredBefore(db, now);
  await deleteRefreshTokensExpiredBefore(db, now);
  const aWhileAgo = new Date(now.getTime() - KEPT_MS);
  await deleteSessionsExpiredBefore(db, aWhileAgo);
  await deleteAttemptsBefore(db, aWhileAgo);
}
