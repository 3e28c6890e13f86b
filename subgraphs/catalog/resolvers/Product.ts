import { connectionInMemory, parsePage } from '@souk/kit/lists/connections';
import { isId } from '@souk/kit/values/ids';
import { publicUrlOf } from '../domain/media.ts';
import { coverOf, MEDIA_IN_ORDER, VARIANTS_IN_ORDER, withPlaces } from '../domain/product-lists.ts';
import { choiceOf, isChoice } from '../domain/variants.ts';
import { mayFollowToProduct, maySeeInList } from '../domain/visibility.ts';
import type { ProductResolvers } from '../generated/resolver-types.ts';

export const Product: ProductResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const product = isId('prd', id) ? await loaders.products.load(id) : undefined;
    return product && mayFollowToProduct(viewer, product) ? product : null;
  },
  id: ({ _id }) => _id,
  publication: ({ publishedAt, publishAt, unpublishAt }) => ({ publishedAt, publishAt, unpublishAt }),

  categories: async ({ categoryIds }, _, { loaders }) => {
    const categories = await Promise.all(categoryIds.map((id) => loaders.categories.load(id)));
    // One that was deleted a moment ago may not have been taken off yet.
    return categories.filter((category) => category !== undefined);
  },

  attributes: ({ attributes }) => attributes,

  variants: (product, args, { viewer }) => {
    const seen = product.variants
      .filter((variant) => maySeeInList(viewer, variant))
      .map((variant) => ({ product, variant }));
    return connectionInMemory(VARIANTS_IN_ORDER, parsePage(args), withPlaces(seen));
  },

  variantForOptions: (product, { options }, { viewer }) => {
    const choice = choiceOf(options, product.options);
    if (typeof choice === 'string') return null;
    const variant = product.variants.find((one) => maySeeInList(viewer, one) && isChoice(one, choice));
    return variant ? { product, variant } : null;
  },

  media: ({ media }, args) => connectionInMemory(MEDIA_IN_ORDER, parsePage(args), withPlaces(media)),
  cover: (product) => coverOf(product),
  imageUrl: (product, _, { services }) => {
    const cover = coverOf(product);
    return cover && publicUrlOf(services, cover);
  },
  seo: (product) => product,
};
