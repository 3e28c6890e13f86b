/**
 * What this room tells other domains: plain data, written into the document that changed, in the same write. They carry
 * ids and versions; whoever needs more asks for the thing as it stands.
 */

interface Event<Type extends string, Data> {
  type: Type;
  data: Data;
}

export type CatalogEvent =
  | Event<'catalog.product.created', { productId: string }>
  | Event<'catalog.product.changed', { productId: string; version: number }>
  | Event<
      'catalog.product.scheduled',
      { productId: string; publishAt: Date | null; unpublishAt: Date | null }
    >
  | Event<'catalog.product.scheduleDropped', { productId: string; reason: string }>
  | Event<'catalog.product.published', { productId: string; publishedAt: Date }>
  | Event<'catalog.product.unpublished', { productId: string }>
  | Event<'catalog.product.archived', { productId: string }>
  | Event<'catalog.variant.created', { productId: string; variantId: string; sku: string }>
  | Event<'catalog.variant.changed', { productId: string; variantId: string; version: number }>
  | Event<'catalog.variant.retired', { productId: string; variantId: string }>
  | Event<'catalog.category.created', { categoryId: string }>
  | Event<'catalog.category.changed', { categoryId: string; version: number }>
  | Event<'catalog.category.moved', { categoryId: string; parentId: string | null }>
  | Event<'catalog.category.deleted', { categoryId: string }>
  | Event<'catalog.attribute.saved', { code: string; version: number }>
  | Event<'catalog.import.started', { importId: string }>
  | Event<'catalog.import.ended', { importId: string; state: 'COMPLETED' | 'FAILED' | 'CANCELLED' }>;

/** Raised when `data` of a type changes in a way that its readers must know. */
export const EVENT_VERSIONS: Record<CatalogEvent['type'], number> = {
  'catalog.product.created': 1,
  'catalog.product.changed': 1,
  'catalog.product.scheduled': 1,
  'catalog.product.scheduleDropped': 1,
  'catalog.product.published': 1,
  'catalog.product.unpublished': 1,
  'catalog.product.archived': 1,
  'catalog.variant.created': 1,
  'catalog.variant.changed': 1,
  'catalog.variant.retired': 1,
  'catalog.category.created': 1,
  'catalog.category.changed': 1,
  'catalog.category.moved': 1,
  'catalog.category.deleted': 1,
  'catalog.attribute.saved': 1,
  'catalog.import.started': 1,
  'catalog.import.ended': 1,
};

/** An event as it waits inside its document. */
export type OutgoingEvent = CatalogEvent & {
  id: string;
  version: number;
  occurredAt: Date;
  /** The request that caused it; nothing when a clock did. */
  requestId?: string;
};
