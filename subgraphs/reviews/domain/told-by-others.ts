/** What other domains tell this one. */
import type { Delivery } from '@souk/kit/events/inbox';
import { markArchived, markListed } from '../store/products.ts';
import { type Purchase, savePurchases } from '../store/purchases.ts';
import type { Services } from './services.ts';

/** From orders: delivered, so that reviews written from now on are by a buyer. May be told again and out of order. */
export async function recordPurchases({ stores }: Services, bought: readonly Purchase[]): Promise<void> {
  await savePurchases(stores, bought);
}

/** From the catalog: what was written stays to be read, and nothing new is taken. */
export async function archiveProduct({ stores }: Services, delivery: Delivery): Promise<void> {
  await markArchived(stores, delivery);
}

/** From the catalog: it is in the shop, for the first time or again. */
export async function listProduct({ stores }: Services, delivery: Delivery): Promise<void> {
  await markListed(stores, delivery);
}
