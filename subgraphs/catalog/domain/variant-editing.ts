/** Edits of single variants. A variant has a version of its own, so that its editors do not meet those of the texts. */
import { conflict, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import type { CatalogEvent } from '../events.ts';
import type { ProductDocument, VariantDocument, VariantOfProduct } from '../store/product-document.ts';
import { findProducts, findProductsByVariant } from '../store/products.ts';
import type { CatalogErrorCode } from './error-codes.ts';
import { writeProduct } from './product-editing.ts';
import { type Outcome, productNotFound, skuTaken, variantNotFound, versionConflict } from './refusals.ts';
import type { Actor, Services } from './services.ts';
import { checkVariant, checkVariantFacts, type TypedVariant, type TypedVariantFacts } from './variants.ts';

export interface TypedVariantChange extends TypedVariantFacts {
  variantId: string;
  expectedVersion: number;
}

export async function addVariant(
  services: Services,
  actor: Actor,
  typed: { productId: string; variant: TypedVariant },
): Promise<Outcome<VariantOfProduct>> {
  let added: VariantDocument | undefined;
  const load = async (): Promise<Result<ProductDocument, CatalogErrorCode>> => {
    const [product] = await findProducts(services.collections, [typed.productId]);
    return product ? ok(product) : refused(productNotFound());
  };
  const written = await writeProduct(services, actor, load, (product) => {
    const checked = checkVariant(services, typed.variant, product, ['variant']);
    if (!checked.ok) return checked;
    added = checked.value;
    if (hasSku(product, added)) return refused(skuTaken(added.sku, ['variant', 'sku']));
    const data = { productId: product._id, variantId: added.id, sku: added.sku };
    return ok({
      fields: { variants: [...product.variants, added] },
      events: [{ type: 'catalog.variant.created', data }],
    });
  });
  return answer(written, typed.productId, added?.id);
}

export function changeVariant(
  services: Services,
  actor: Actor,
  typed: TypedVariantChange,
): Promise<Outcome<VariantOfProduct>> {
  const checked = checkVariantFacts(services, typed, []);
  return editVariant(services, actor, typed, (variant, product) => {
    if (!checked.ok) return checked;
    const next = { ...variant, ...checked.value, version: variant.version + 1 };
    if (hasSku(product, next)) return refused(skuTaken(next.sku, ['sku']));
    const data = { productId: product._id, variantId: variant.id, version: next.version };
    return ok({ next, event: { type: 'catalog.variant.changed', data } });
  });
}

export function retireVariant(
  services: Services,
  actor: Actor,
  typed: { variantId: string; expectedVersion: number },
): Promise<Outcome<VariantOfProduct>> {
  return editVariant(services, actor, typed, (variant, { _id, status, variants }) => {
    const isLast = variants.every(({ id, isRetired }) => isRetired || id === variant.id);
    if (isLast && status === 'PUBLISHED') {
      const message = 'It is the last variant for sale of a product in the shop; unpublish the product first';
      return refused(conflict('NOT_PUBLISHABLE', message, 'variantId'));
    }
    return ok({
      next: { ...variant, isRetired: true, version: variant.version + 1 },
      event: { type: 'catalog.variant.retired', data: { productId: _id, variantId: variant.id } },
    });
  });
}

async function editVariant(
  services: Services,
  actor: Actor,
  { variantId, expectedVersion }: { variantId: string; expectedVersion: number },
  decide: (
    variant: VariantDocument,
    product: ProductDocument,
  ) => Result<{ next: VariantDocument; event: CatalogEvent }, CatalogErrorCode>,
): Promise<Outcome<VariantOfProduct>> {
  let productId = '';
  const load = async (): Promise<Result<ProductDocument, CatalogErrorCode>> => {
    const [product] = await findProductsByVariant(services.collections, [variantId]);
    productId = product?._id ?? '';
    return product ? ok(product) : refused(variantNotFound());
  };
  const written = await writeProduct(services, actor, load, (product) => {
    const variant = product.variants.find(({ id }) => id === variantId)!;
    if (variant.version !== expectedVersion) return versionConflict(product);
    const decided = decide(variant, product);
    if (!decided.ok) return decided;
    const { next, event } = decided.value;
    return ok({
      fields: { variants: product.variants.map((other) => (other.id === variantId ? next : other)) },
      events: [event],
    });
  });
  return answer(written, productId, variantId);
}

function hasSku({ variants }: ProductDocument, { id, sku }: VariantDocument): boolean {
  return variants.some((other) => other.sku === sku && other.id !== id);
}

/** Of the product that was written, or of the one that stands in the way, the variant that it is about. */
function answer(
  written: Outcome<ProductDocument>,
  productId: string,
  variantId: string | undefined,
): Outcome<VariantOfProduct> {
  const product = written.ok ? written.value : written.current;
  const variant = product?.variants.find(({ id }) => id === variantId);
  const found = product && variant && product._id === productId ? { product, variant } : undefined;
  if (written.ok) return ok(found!);
  return found
    ? { ok: false, errors: written.errors, current: found }
    : { ok: false, errors: written.errors };
}
