/** What subscribers hear of a product: which of its events they are told, and as what. */
import type { CatalogEvent } from '../events.ts';

export type ProductChange = 'EDITED' | 'PUBLISHED' | 'UNPUBLISHED' | 'ARCHIVED';

export const PRODUCT_CHANGES = {
  'catalog.product.changed': 'EDITED',
  'catalog.product.scheduled': 'EDITED',
  'catalog.product.scheduleDropped': 'EDITED',
  'catalog.variant.created': 'EDITED',
  'catalog.variant.changed': 'EDITED',
  'catalog.variant.retired': 'EDITED',
  'catalog.product.published': 'PUBLISHED',
  'catalog.product.unpublished': 'UNPUBLISHED',
  'catalog.product.archived': 'ARCHIVED',
} as const satisfies Partial<Record<CatalogEvent['type'], ProductChange>>;

export const PRODUCT_NEWS = Object.keys(PRODUCT_CHANGES) as (keyof typeof PRODUCT_CHANGES)[];
