import type { ProductSeoResolvers } from '../generated/resolver-types.ts';

export const ProductSeo: ProductSeoResolvers = {
  title: ({ seo, title }) => seo.title ?? title,
  description: ({ seo }) => seo.description,
};
