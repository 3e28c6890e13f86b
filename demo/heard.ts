/** Reviews takes nothing for a product that the catalog has not told it of, so a demo is ready once it has been told. */
import { setTimeout as passes } from 'node:timers/promises';
import type { DemoStores } from './load.ts';

const MAX_MS = 15_000;
const LOOK_EVERY_MS = 25;

/** Gives up in the end: what is late is only a while not to be reviewed. */
export async function untilHeard({
  catalog,
  reviews,
}: Pick<DemoStores, 'catalog' | 'reviews'>): Promise<void> {
  const listed = await catalog.collections.products.countDocuments({ status: 'PUBLISHED' });
  const deadline = Date.now() + MAX_MS;
  while (Date.now() < deadline) {
    if ((await reviews.stores.products.countDocuments({ listedAt: { $exists: true } })) >= listed) return;
    await passes(LOOK_EVERY_MS);
  }
}
