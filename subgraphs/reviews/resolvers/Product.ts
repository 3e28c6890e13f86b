import { badUserInput } from '@souk/kit/errors/errors';
import { connectionOf } from '@souk/kit/lists/connections';
import { isId } from '@souk/kit/values/ids';
import { ratingOf } from '../domain/rating.ts';
import type { ProductResolvers } from '../generated/resolver-types.ts';
import { LAST_ANSWERED } from '../store/questions.ts';
import { countReviews, REVIEW_ORDERS, type ReviewNarrowing } from '../store/reviews.ts';

export const Product: ProductResolvers = {
  __resolveReference: ({ id }) => (isId('prd', id) ? { id } : null),

  rating: async ({ id }, _, { loaders }) => ratingOf(await loaders.products.load(id)),

  reviews: async ({ id }, { filter, sort, ...args }, { loaders, services }) => {
    const narrowing: ReviewNarrowing = {
      stars: filter?.stars ? distinctStars(filter.stars) : undefined,
      verifiedOnly: filter?.verifiedOnly ?? undefined,
      withMedia: filter?.withMedia ?? undefined,
    };
    const order = sort ?? 'MOST_HELPFUL';
    const { page, rows } = await loaders.reviewsOfProduct.load(id, args, { sort: order, narrowing });
    return connectionOf(REVIEW_ORDERS[order], page, rows, async () =>
      isWhole(narrowing)
        ? ratingOf(await loaders.products.load(id)).count
        : countReviews(services.stores, id, narrowing),
    );
  },

  questions: async ({ id }, args, { loaders }) => {
    const { page, rows } = await loaders.questionsOfProduct.load(id, args, undefined);
    return connectionOf(LAST_ANSWERED, page, rows);
  },

  viewerReview: async ({ id }, _, { loaders }) => (await loaders.viewerReviews.load(id)) ?? null,

  viewerHasBought: async ({ id }, _, { viewer, loaders }) =>
    viewer.userId === undefined ? null : (await loaders.viewerPurchases.load(id)) !== undefined,
};

/** At most five, however many were sent. */
function distinctStars(typed: readonly number[]): number[] {
  const wrong = typed.find((stars) => stars < 1 || stars > 5);
  if (wrong !== undefined) throw badUserInput(`\`filter.stars\` takes 1 to 5, not ${wrong}`, 'filter.stars');
  return [...new Set(typed)].sort();
}

function isWhole({ stars, verifiedOnly, withMedia }: ReviewNarrowing): boolean {
  return stars === undefined && !verifiedOnly && !withMedia;
}
