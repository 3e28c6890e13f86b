/** Who may see what of the catalog. */
import { hasScope, type Viewer } from '@souk/kit/auth/viewer';
import type { ProductDocument, VariantDocument } from '../store/product-document.ts';
import type { ProductChange } from './product-changes.ts';

export function isStaff(viewer: Viewer): boolean {
  return hasScope(viewer, 'catalog:read');
}

/** In the shop. */
export function maySeeProduct(viewer: Viewer, product: ProductDocument): boolean {
  return product.status === 'PUBLISHED' || isStaff(viewer);
}

/**
 * Through another thing, such as an order or a review: what was in the shop once stays readable there when it has left
 * it. Whoever may see that thing knows the product already.
 */
export function mayFollowToProduct(viewer: Viewer, product: ProductDocument): boolean {
  return product.publishedAt !== null || isStaff(viewer);
}

/** What everybody is told of: all that happens in the shop, and that something left it (to which they may follow, as above). */
export function isNewsOfShop({ status, publishedAt }: ProductDocument, change: ProductChange): boolean {
  const left = change === 'UNPUBLISHED' || change === 'ARCHIVED';
  return status === 'PUBLISHED' || (left && publishedAt !== null);
}

/** In the list of what can be bought. */
export function maySeeInList(viewer: Viewer, variant: VariantDocument): boolean {
  return !variant.isRetired || isStaff(viewer);
}
