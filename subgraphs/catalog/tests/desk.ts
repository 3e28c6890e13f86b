/** The services of the room for tests: a real database of its own, a clock that tests move, rounds that tests run. */

import { randomFillSync } from 'node:crypto';
import { migrateMongodb } from '@souk/kit/mongodb/migrations';
import { type Mongodb, openMongodb } from '@souk/kit/mongodb/mongodb';
import { silentLog } from '@souk/kit/observe/log';
import { heard, MONGODB_URL, ownName } from '@souk/kit/tests/stores';
import { unfollowed } from '@souk/kit/tests/unfollowed';
import { createIdMaker } from '@souk/kit/values/ids';
import { createCategory } from '../domain/category-tree.ts';
import { createProduct, type TypedProduct } from '../domain/product-creation.ts';
import { publishProduct } from '../domain/publishing.ts';
import type { Outcome } from '../domain/refusals.ts';
import type { Actor, Services } from '../domain/services.ts';
import { createAttributeBook } from '../store/attribute-book.ts';
import type { CategoryDocument } from '../store/category-document.ts';
import { collectionsOf, INDEXES } from '../store/collections.ts';
import type { ProductDocument } from '../store/product-document.ts';

export interface Desk {
  services: Services;
  mongodb: Mongodb;
  /** Moves the clock. */
  pass(milliseconds: number): void;
  /** How often somebody said that there may be something to do. */
  wakes: { counting: number; importing: number };
  close(): Promise<void>;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const EDITOR: Actor = {
  viewer: { userId: 'usr_test', scopes: ['catalog:read', 'catalog:write', 'catalog:publish'] },
  requestId: 'test-request',
};

/** `database` joins one that another desk has opened. */
export async function openDesk(database: string = ownName('catalog')): Promise<Desk> {
  const mongodb = await openMongodb({ url: MONGODB_URL!, service: 'catalog-tests', database, traces: heard });
  await migrateMongodb({ db: mongodb.db, indexes: INDEXES });
  let skew = 0;
  const now = () => new Date(Date.now() + skew);
  const wakes = { counting: 0, importing: 0 };
  const services: Services = {
    db: mongodb.db,
    collections: collectionsOf(mongodb.db),
    attributes: createAttributeBook(collectionsOf(mongodb.db)),
    log: silentLog,
    now,
    newId: createIdMaker({ now: () => now().getTime(), fillRandom: randomFillSync }),
    live: unfollowed,
    publicUrl: 'https://shop.test',
    mediaHosts: new Set(['cdn.test']),
    counting: {
      wake: () => {
        wakes.counting += 1;
      },
    },
    importing: {
      wake: () => {
        wakes.importing += 1;
      },
    },
    importLeaseMs: 5_000,
  };
  return {
    services,
    mongodb,
    pass: (milliseconds) => {
      skew += milliseconds;
    },
    wakes,
    close: async () => {
      await mongodb.db.dropDatabase();
      await mongodb.close();
    },
  };
}

/** The value of what must have gone well. */
export function done<Thing>(outcome: Outcome<Thing>): Thing {
  if (outcome.ok) return outcome.value;
  throw new Error(JSON.stringify(outcome.errors));
}

/** `CODE at path`, one for each refusal; empty when it was done. */
export function refusals(outcome: Outcome<unknown>): string[] {
  if (outcome.ok) return [];
  return outcome.errors.map(({ code, field }) => (field === null ? code : `${code} at ${field.join('.')}`));
}

let number = 0;

export async function newCategory(
  desk: Desk,
  name: string,
  parent?: CategoryDocument,
): Promise<CategoryDocument> {
  return done(await createCategory(desk.services, EDITOR, { name, parentId: parent?._id }));
}

export function typedProduct(category: CategoryDocument, parts: Partial<TypedProduct> = {}): TypedProduct {
  number += 1;
  return {
    title: `Copper kettle ${number}`,
    description: 'Boils water for two.',
    categoryIds: [category._id],
    options: [{ name: 'Size', values: ['Small', 'Large'] }],
    variants: [
      { sku: `KET-${number}-S`, options: [{ name: 'Size', value: 'Small' }] },
      { sku: `KET-${number}-L`, options: [{ name: 'Size', value: 'Large' }] },
    ],
    ...parts,
  };
}

export async function newProduct(
  desk: Desk,
  category: CategoryDocument,
  parts: Partial<TypedProduct> = {},
): Promise<ProductDocument> {
  return done(await createProduct(desk.services, EDITOR, typedProduct(category, parts)));
}

export async function newPublished(
  desk: Desk,
  category: CategoryDocument,
  parts: Partial<TypedProduct> = {},
): Promise<ProductDocument> {
  const product = await newProduct(desk, category, parts);
  return done(
    await publishProduct(desk.services, EDITOR, { productId: product._id, expectedVersion: product.version }),
  );
}
