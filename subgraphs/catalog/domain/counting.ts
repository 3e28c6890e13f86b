/** Counters of published products. A write notes which shelves it touched; this counts them anew, a little later. */
import { withLock } from '@souk/kit/mongodb/lock';
import { clearRecounts, countPublished, findRecounts, saveCounts } from '../store/shelving.ts';
import type { Services } from './services.ts';

const AT_ONCE = 5_000;

/**
 * One process counts at a time: of two, the slower would write an older number over a newer one. Whoever finds another
 * at it leaves the rest to it, or to the next round; with `waitMs`, it takes its turn after it.
 */
export async function recountShelves({ db, collections }: Services, waitMs = 0): Promise<void> {
  for (let isMore = true; isMore; ) {
    const outcome = await withLock(
      db,
      'counting',
      async () => {
        const recounts = await findRecounts(collections, AT_ONCE);
        const shelfIds = new Set(recounts.flatMap((recount) => recount.shelfIds));
        const counts = new Map<string, number>();
        for (const shelfId of shelfIds) counts.set(shelfId, await countPublished(collections, shelfId));
        await saveCounts(collections, counts);
        await clearRecounts(collections, [...new Set(recounts.map(({ mark }) => mark))]);
        return recounts.length === AT_ONCE;
      },
      { waitMs },
    );
    isMore = outcome?.value ?? false;
  }
}
