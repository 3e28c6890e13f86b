import { isId } from '@souk/kit/values/ids';
import { coverOf } from '../domain/product-lists.ts';
import { titleOf } from '../domain/variants.ts';
import { mayFollowToProduct } from '../domain/visibility.ts';
import type { VariantResolvers } from '../generated/resolver-types.ts';

export const Variant: VariantResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const found = isId('var', id) ? await loaders.variants.load(id) : undefined;
    return found && mayFollowToProduct(viewer, found.product) ? found : null;
  },
  id: ({ variant }) => variant.id,
  sku: ({ variant }) => variant.sku,
  /** Without options there is one variant, which is the product itself. */
  title: ({ variant, product }) => titleOf(variant.options) || product.title,
  product: ({ product }) => product,
  options: ({ variant }) => variant.options,
  barcode: ({ variant }) => variant.barcode,
  weightGrams: ({ variant }) => variant.weightGrams,
  dimensions: ({ variant }) => variant.dimensions,
  image: ({ variant, product }) => variant.image ?? coverOf(product),
  isRetired: ({ variant }) => variant.isRetired,
  version: ({ variant }) => variant.version,
};
