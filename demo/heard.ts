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
  const published = catalog.collections.products.find({ status: 'PUBLISHED' }, { projection: { _id: 1 } });
  const ids = await published.map(({ _id }) => _id).toArray();
  // These very ones: a load that was killed may have told of others, which nobody sells any more.
  const heard = { _id: { $in: ids }, listedAt: { $exists: true } };
  const deadline = Date.now() + MAX_MS;
  while (Date.now() < deadline) {
    if ((await reviews.stores.products.countDocuments(heard)) === ids.length) return;
    await passes(LOOK_EVERY_MS);
  }
}
