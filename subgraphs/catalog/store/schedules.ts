import type { Collections } from './collections.ts';
import type { ProductDocument } from './product-document.ts';
import { WITHOUT_EVENTS } from './products.ts';

const AT_ONCE = 100;

/** Whose time to appear has come, the longest waiting first. */
export function findDueToPublish(
  { products }: Pick<Collections, 'products'>,
  now: Date,
): Promise<ProductDocument[]> {
  return products
    .find<ProductDocument>({ publishAt: { $lte: now } }, { projection: WITHOUT_EVENTS })
    .sort({ publishAt: 1 })
    .limit(AT_ONCE)
    .toArray();
}

export function findDueToUnpublish(
  { products }: Pick<Collections, 'products'>,
  now: Date,
): Promise<ProductDocument[]> {
  return products
    .find<ProductDocument>({ unpublishAt: { $lte: now } }, { projection: WITHOUT_EVENTS })
    .sort({ unpublishAt: 1 })
    .limit(AT_ONCE)
    .toArray();
}
