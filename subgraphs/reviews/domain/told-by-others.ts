/** What other domains tell this one. Each may be told again and out of order; the consumers call these. */
import { setArchived } from '../store/products.ts';
import { type Purchase, savePurchases } from '../store/purchases.ts';
import type { Services } from './services.ts';

/** From orders: delivered, so that reviews written from now on are by a buyer. */
export async function recordPurchases({ stores }: Services, bought: readonly Purchase[]): Promise<void> {
  await savePurchases(stores, bought);
}

/** From the catalog: what was written stays to be read, and nothing new is taken. */
export async function archiveProduct({ stores, now }: Services, productId: string): Promise<void> {
  await setArchived(stores, productId, now());
}

/** From the catalog: for sale again. */
export async function restoreProduct({ stores }: Services, productId: string): Promise<void> {
  await setArchived(stores, productId, null);
}
