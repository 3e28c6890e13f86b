/**
 * What this room tells other domains: plain data, written into the document that changed, in the same write. They carry
 * ids and versions; whoever needs more asks for the thing as it stands.
 */
import { declareEvents, type EventOf, instant } from '@souk/kit/events/events';
import type { WaitingEvent } from '@souk/kit/events/outbox-mongodb';
import { z } from 'zod';

const productId = z.string();
const product = z.object({ productId });
const changedProduct = z.object({ productId, version: z.number() });
const categoryId = z.string();

export const catalogEvents = declareEvents('catalog', {
  'catalog.product.created': { version: 1, when: 'a product is made, as a draft', data: product },
  'catalog.product.changed': {
    version: 1,
    when: 'what describes a product is edited',
    data: changedProduct,
  },
  'catalog.product.scheduled': {
    version: 1,
    when: 'it is planned when a product appears or disappears',
    data: z.object({ productId, publishAt: instant.nullable(), unpublishAt: instant.nullable() }),
  },
  'catalog.product.scheduleDropped': {
    version: 1,
    when: 'a plan could not be carried out',
    data: z.object({ productId, reason: z.string() }),
  },
  'catalog.product.published': {
    version: 1,
    when: 'a product appears in the shop',
    data: z.object({ productId, publishedAt: instant }),
  },
  'catalog.product.unpublished': {
    version: 1,
    when: 'a product disappears, maybe to come back',
    data: product,
  },
  'catalog.product.archived': { version: 1, when: 'a product is given up for good', data: product },
  'catalog.product.retold': {
    version: 1,
    when: 'a listener asks to be told anew: this is how the product stands',
    data: z.object({ productId, status: z.enum(['DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED']) }),
  },
  'catalog.variant.created': {
    version: 1,
    when: 'a product gets a variant',
    data: z.object({ productId, variantId: z.string(), sku: z.string() }),
  },
  'catalog.variant.changed': {
    version: 1,
    when: 'a variant is edited',
    data: z.object({ productId, variantId: z.string(), version: z.number() }),
  },
  'catalog.variant.retired': {
    version: 1,
    when: 'a variant is not sold any more',
    data: z.object({ productId, variantId: z.string() }),
  },
  'catalog.category.created': { version: 1, when: 'a category is made', data: z.object({ categoryId }) },
  'catalog.category.changed': {
    version: 1,
    when: 'a category is edited',
    data: z.object({ categoryId, version: z.number() }),
  },
  'catalog.category.moved': {
    version: 1,
    when: 'a category hangs somewhere else',
    data: z.object({ categoryId, parentId: z.string().nullable() }),
  },
  'catalog.category.deleted': {
    version: 1,
    when: 'a category is taken away',
    data: z.object({ categoryId }),
  },
  'catalog.attribute.saved': {
    version: 1,
    when: 'an attribute is made or edited',
    data: z.object({ code: z.string(), version: z.number() }),
  },
  'catalog.import.started': {
    version: 1,
    when: 'the file of an import has come',
    data: z.object({ importId: z.string() }),
  },
  'catalog.import.progressed': {
    version: 1,
    when: 'an import has done more of its rows; at most once a second',
    data: z.object({ importId: z.string() }),
  },
  'catalog.import.ended': {
    version: 1,
    when: 'an import is over',
    data: z.object({ importId: z.string(), state: z.enum(['COMPLETED', 'FAILED', 'CANCELLED']) }),
  },
});

export type CatalogEvent = EventOf<typeof catalogEvents>;

/** An event as it waits inside its document. */
export type OutgoingEvent = CatalogEvent & WaitingEvent;
