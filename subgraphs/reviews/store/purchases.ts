/** Who had what delivered; filled by what orders tells. */
import type { Collections } from './collections.ts';
import type { PurchaseDocument } from './purchase-document.ts';

export interface Purchase {
  userId: string;
  productId: string;
  deliveredAt: Date;
}

type Has = Pick<Collections, 'purchases'>;

export async function findPurchases(
  { purchases }: Has,
  userId: string,
  productIds: readonly string[],
): Promise<PurchaseDocument[]> {
  return purchases.find({ _id: { $in: productIds.map((productId) => keyOf(userId, productId)) } }).toArray();
}

/** May be told of the same purchase again, and in any order. */
export async function savePurchases({ purchases }: Has, bought: readonly Purchase[]): Promise<void> {
  if (bought.length === 0) return;
  await purchases.bulkWrite(
    bought.map(({ userId, productId, deliveredAt }) => ({
      updateOne: {
        filter: { _id: keyOf(userId, productId) },
        update: { $setOnInsert: { userId, productId }, $min: { deliveredAt } },
        upsert: true,
      },
    })),
    { ordered: false },
  );
}

export async function findPurchasesOfUser({ purchases }: Has, userId: string): Promise<PurchaseDocument[]> {
  return purchases.find({ userId }).toArray();
}

export async function deletePurchasesOfUser({ purchases }: Has, userId: string): Promise<number> {
  return (await purchases.deleteMany({ userId })).deletedCount;
}

function keyOf(userId: string, productId: string): string {
  return `${userId}:${productId}`;
}
