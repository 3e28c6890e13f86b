/** The lists inside a product: variants and media in display order, and the picture that stands for it. */
import { ascending, defineOrder } from '@souk/kit/lists/cursors';
import type { MediaDocument, ProductDocument } from '../store/product-document.ts';

export const VARIANTS_IN_ORDER = defineOrder('product.variants', [
  ascending('place', 'number'),
  ascending('variant.id', 'text'),
]);
export const MEDIA_IN_ORDER = defineOrder('product.media', [
  ascending('place', 'number'),
  ascending('id', 'text'),
]);

/** Their order is that of the array; a cursor holds the place in it. */
export function withPlaces<Item extends object>(items: readonly Item[]): (Item & { place: number })[] {
  return items.map((item, place) => ({ ...item, place }));
}

export function coverOf({ media }: Pick<ProductDocument, 'media'>): MediaDocument | null {
  return media.find(({ kind }) => kind === 'IMAGE') ?? null;
}
