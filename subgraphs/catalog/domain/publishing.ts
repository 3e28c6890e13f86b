/** When a product is in the shop: now, by plan, or not. */
import { conflict, invalid, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import type { ProductDocument, StoredProduct } from '../store/product-document.ts';
import { findProducts } from '../store/products.ts';
import { findDueToPublish, findDueToUnpublish } from '../store/schedules.ts';
import type { CatalogErrorCode } from './error-codes.ts';
import { outgoing } from './outgoing.ts';
import { nextState } from './product-derivation.ts';
import { type Change, editProduct, type ProductEdit, writeProduct } from './product-editing.ts';
import { type CatalogRefusal, type Outcome, productNotFound } from './refusals.ts';
import type { Actor, Services } from './services.ts';

const CLOCK: Actor = {};

export function publishProduct(
  services: Services,
  actor: Actor,
  edit: ProductEdit,
): Promise<Outcome<ProductDocument>> {
  return editProduct(services, actor, edit, (product) => {
    const missing = missingForShop(product);
    if (missing) return refused(missing);
    return ok(appearance(product, services.now()));
  });
}

export function unpublishProduct(
  services: Services,
  actor: Actor,
  edit: ProductEdit,
): Promise<Outcome<ProductDocument>> {
  return editProduct(services, actor, edit, (product) => ok(disappearance(product)));
}

export interface TypedSchedule extends ProductEdit {
  publishAt?: Date | null | undefined;
  unpublishAt?: Date | null | undefined;
}

export function scheduleProduct(
  services: Services,
  actor: Actor,
  typed: TypedSchedule,
): Promise<Outcome<ProductDocument>> {
  const { publishAt = null, unpublishAt = null } = typed;
  return editProduct(services, actor, typed, (product) => {
    const faults = faultsOfSchedule(product, publishAt, unpublishAt, services.now());
    if (faults.length > 0) return refused(...faults);
    const missing = publishAt && missingForShop(product);
    if (missing) return refused(missing);
    const status = product.status === 'PUBLISHED' ? 'PUBLISHED' : publishAt ? 'SCHEDULED' : 'DRAFT';
    const data = { productId: product._id, publishAt, unpublishAt };
    return ok({
      fields: { status, publishAt, unpublishAt },
      events: [{ type: 'catalog.product.scheduled', data }],
    });
  });
}

function faultsOfSchedule(
  { status }: ProductDocument,
  publishAt: Date | null,
  unpublishAt: Date | null,
  now: Date,
): CatalogRefusal[] {
  const faults: CatalogRefusal[] = [];
  const fault = (message: string, field: string) => faults.push(invalid('SCHEDULE_INVALID', message, field));
  if (publishAt && status === 'PUBLISHED')
    fault('It is in the shop already; leave `publishAt` out', 'publishAt');
  else if (publishAt && publishAt <= now) fault('This time has passed; publish it now instead', 'publishAt');
  if (unpublishAt && unpublishAt <= now)
    fault('This time has passed; unpublish it now instead', 'unpublishAt');
  else if (publishAt && unpublishAt && unpublishAt <= publishAt) {
    fault('It must appear before it disappears', 'unpublishAt');
  }
  return faults;
}

/** What a shopper would miss. */
function missingForShop({ description, categoryIds, variants }: ProductDocument): CatalogRefusal | undefined {
  const missing = [
    ...(description === '' ? ['a description'] : []),
    ...(categoryIds.length === 0 ? ['a category'] : []),
    ...(variants.some(({ isRetired }) => !isRetired) ? [] : ['a variant that is for sale']),
  ];
  if (missing.length === 0) return undefined;
  return conflict('NOT_PUBLISHABLE', `Before it can be shown it needs ${missing.join(' and ')}`, 'productId');
}

function appearance(product: ProductDocument, now: Date): Change {
  // Publishing what is in the shop already changes nothing but the plan.
  if (product.status === 'PUBLISHED') return { fields: { publishAt: null }, events: [] };
  return {
    fields: { status: 'PUBLISHED', publishedAt: now, publishAt: null },
    events: [{ type: 'catalog.product.published', data: { productId: product._id, publishedAt: now } }],
  };
}

function disappearance({ _id, status }: ProductDocument): Change {
  return {
    fields: { status: 'DRAFT', publishAt: null, unpublishAt: null },
    events: status === 'PUBLISHED' ? [{ type: 'catalog.product.unpublished', data: { productId: _id } }] : [],
  };
}

/** A product that is not stored yet, as if it had been published right after it was made. */
export function publishedState(
  services: Services,
  actor: Actor,
  product: StoredProduct,
): Result<StoredProduct, CatalogErrorCode> {
  const missing = missingForShop(product);
  if (missing) return refused(missing);
  const now = services.now();
  const { fields, events } = appearance(product, now);
  const next = nextState(
    product,
    { ...fields, version: product.version + 1 },
    { now, mark: services.newId('rct') },
  );
  return ok({
    ...next,
    events: [...product.events, ...events.map((event) => outgoing(services, actor, event))],
  });
}

/**
 * Carries out the plans whose time has come. Any number of processes may do so at once: a write goes through only on the
 * state that it was decided on, so of two that want the same one wins and the other finds it done. Answers how many
 * products this process moved.
 */
export async function carryOutSchedules(services: Services): Promise<number> {
  const { collections, now } = services;
  let moved = 0;
  for (const product of await findDueToPublish(collections, now())) {
    moved += await move(services, product, (current) => current.publishAt, appearByPlan(services));
  }
  for (const product of await findDueToUnpublish(collections, now())) {
    moved += await move(
      services,
      product,
      (current) => current.unpublishAt,
      (current) => disappearance(current),
    );
  }
  return moved;
}

const appearByPlan =
  (services: Services) =>
  (product: ProductDocument): Change => {
    const missing = missingForShop(product);
    if (!missing) return appearance(product, services.now());
    // It was good when it was planned; somebody has taken a part away since.
    services.log.warn({ productId: product._id }, `A planned product did not appear: ${missing.message}`);
    return {
      fields: { status: 'DRAFT', publishAt: null },
      events: [
        {
          type: 'catalog.product.scheduleDropped',
          data: { productId: product._id, reason: missing.message },
        },
      ],
    };
  };

async function move(
  services: Services,
  { _id }: ProductDocument,
  planned: (product: ProductDocument) => Date | null,
  changeOf: (product: ProductDocument) => Change,
): Promise<number> {
  let done = 0;
  await writeProduct(
    services,
    CLOCK,
    () => reload(services, _id),
    (current) => {
      const time = planned(current);
      done = time !== null && time <= services.now() ? 1 : 0;
      if (done === 0) return refused(productNotFound());
      const { fields, events } = changeOf(current);
      return ok({ fields: { ...fields, version: current.version + 1 }, events });
    },
  );
  return done;
}

async function reload(services: Services, id: string): Promise<Result<ProductDocument, CatalogErrorCode>> {
  const [product] = await findProducts(services.collections, [id]);
  return product ? ok(product) : refused(productNotFound());
}
