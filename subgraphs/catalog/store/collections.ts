/** The collections of this room and the indexes that they are declared with. A test explains every query against them. */

import { OUTBOX_INDEX } from '@souk/kit/events/outbox-mongodb';
import type { DeclaredIndexes } from '@souk/kit/mongodb/migrations';
import type { Collection, Db } from 'mongodb';
import type { StoredAttribute } from './attribute-document.ts';
import type { StoredCategory } from './category-document.ts';
import type { ImportChunk, ImportFailure, StoredImport } from './import-document.ts';
import type { StoredProduct } from './product-document.ts';

export interface Collections {
  products: Collection<StoredProduct>;
  categories: Collection<StoredCategory>;
  attributes: Collection<StoredAttribute>;
  imports: Collection<StoredImport>;
  importChunks: Collection<ImportChunk>;
  importFailures: Collection<ImportFailure>;
}

export function collectionsOf(db: Db): Collections {
  return {
    products: db.collection('products'),
    categories: db.collection('categories'),
    attributes: db.collection('attributes'),
    imports: db.collection('imports'),
    importChunks: db.collection('import_chunks'),
    importFailures: db.collection('import_failures'),
  };
}

/** Collections whose documents hold events. */
export const TELLING = ['products', 'categories', 'attributes', 'imports'] as const;

const fresh = { freshAt: -1, _id: -1 } as const;
const byTitle = { titleKey: 1, _id: 1 } as const;
const edited = { updatedAt: -1, _id: -1 } as const;

export const INDEXES: DeclaredIndexes = {
  products: [
    OUTBOX_INDEX,
    { name: 'slugs', key: { slugs: 1 }, unique: true },
    // Unique among products; that a product does not repeat one itself is a rule of the domain.
    { name: 'skus', key: { 'variants.sku': 1 }, unique: true },
    { name: 'variants', key: { 'variants.id': 1 } },
    // The lists: everything, one status, one shelf; each in three orders.
    { name: 'all_newest', key: fresh },
    { name: 'all_title', key: byTitle },
    { name: 'all_updated', key: edited },
    { name: 'status_newest', key: { status: 1, ...fresh } },
    { name: 'status_title', key: { status: 1, ...byTitle } },
    { name: 'status_updated', key: { status: 1, ...edited } },
    { name: 'shelf_newest', key: { shelfIds: 1, status: 1, ...fresh } },
    { name: 'shelf_title', key: { shelfIds: 1, status: 1, ...byTitle } },
    { name: 'shelf_updated', key: { shelfIds: 1, status: 1, ...edited } },
    { name: 'facts', key: { facts: 1 } },
    { name: 'to_publish', key: { publishAt: 1 } },
    { name: 'to_unpublish', key: { unpublishAt: 1 } },
    { name: 'to_recount', key: { 'recount.mark': 1 }, sparse: true },
  ],
  categories: [
    OUTBOX_INDEX,
    { name: 'slugs', key: { slugs: 1 }, unique: true },
    { name: 'siblings', key: { parentId: 1, position: 1, _id: 1 } },
    { name: 'below', key: { ancestorIds: 1 } },
    { name: 'to_settle', key: { settleAt: 1 }, sparse: true },
  ],
  attributes: [OUTBOX_INDEX],
  imports: [
    OUTBOX_INDEX,
    { name: 'state', key: { state: 1, createdAt: 1 } },
    { name: 'starters', key: { startedBy: 1, _id: 1 } },
  ],
  import_chunks: [{ name: 'file', key: { importId: 1, number: 1 } }],
  import_failures: [{ name: 'file', key: { importId: 1, row: 1, _id: 1 } }],
};
