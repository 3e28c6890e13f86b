/** How much somebody posted within an hour; MongoDB removes what is over. */
import type { Collections } from './collections.ts';

const HOUR_MS = 60 * 60_000;

/** Takes one and answers how many have been taken in this hour, this one included. */
export async function takeFromQuota(
  { quotas }: Pick<Collections, 'quotas'>,
  userId: string,
  now: Date,
): Promise<number> {
  const hour = Math.floor(now.getTime() / HOUR_MS);
  const quota = await quotas.findOneAndUpdate(
    { _id: `${userId}:${hour}` },
    { $inc: { used: 1 }, $setOnInsert: { userId, endsAt: new Date((hour + 1) * HOUR_MS) } },
    { upsert: true, returnDocument: 'after' },
  );
  return quota!.used;
}

export async function deleteQuotasOfUser(
  { quotas }: Pick<Collections, 'quotas'>,
  userId: string,
): Promise<void> {
  await quotas.deleteMany({ userId });
}
