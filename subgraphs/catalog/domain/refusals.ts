/** Refusals that several rules of this domain share, and how a checked input gathers its faults. */
import { conflict, invalid, notFound, type Refused, type UserError } from '@souk/kit/errors/user-errors';
import type { CatalogErrorCode } from './error-codes.ts';

export type CatalogRefusal = UserError<CatalogErrorCode>;

/** A refusal that shows the thing as it stands, so that an editor can compare. */
export type RefusedWith<Thing> = Refused<CatalogErrorCode> & { current?: Thing };
export type Outcome<Thing> = { ok: true; value: Thing } | RefusedWith<Thing>;

export type Path = readonly (string | number)[];

export function invalidValue(message: string, field: Path): CatalogRefusal {
  return invalid('VALUE_INVALID', message, field);
}

export function versionConflict<Thing>(current?: Thing): RefusedWith<Thing> {
  const message = 'Somebody edited it in the meantime; look at it as it is now and try again';
  const refusal: RefusedWith<Thing> = {
    ok: false,
    errors: [conflict('VERSION_CONFLICT', message, 'expectedVersion')],
  };
  if (current !== undefined) refusal.current = current;
  return refusal;
}

export const productNotFound = () => notFound('PRODUCT_NOT_FOUND', 'There is no such product', 'productId');
export const variantNotFound = () => notFound('VARIANT_NOT_FOUND', 'There is no such variant', 'variantId');
export const categoryNotFound = (field: Path) =>
  notFound('CATEGORY_NOT_FOUND', 'There is no such category', field);
export const importNotFound = () => notFound('IMPORT_NOT_FOUND', 'There is no such import', 'importId');
export const alreadyArchived = () =>
  conflict('ALREADY_ARCHIVED', 'This product is retired, and retired products are not edited', 'productId');
export const slugTaken = (slug: string, field: Path) =>
  conflict('SLUG_TAKEN', `“${slug}” is or was the address of another one; choose another slug`, field);
export const skuTaken = (sku: string, field: Path) =>
  conflict('SKU_TAKEN', `Another variant has the SKU “${sku}”`, field);
