/** What one request reads, batched: a document, or a page of a list, for however many things it asks about. */

import type { Viewer } from '@souk/kit/auth/viewer';
import { loadMany, loadOne, type ManyLoader, type OneLoader } from '@souk/kit/graphql/loaders';
import { type Page, type PageArguments, parsePage } from '@souk/kit/lists/connections';
import type { Services } from './domain/services.ts';
import { maySeeUnpublishedOf } from './domain/visibility.ts';
import type { ProductDocument } from './store/product-document.ts';
import { findProducts } from './store/products.ts';
import type { PurchaseDocument } from './store/purchase-document.ts';
import { findPurchases } from './store/purchases.ts';
import type { QuestionDocument } from './store/question-document.ts';
import { findQuestions, listQuestions } from './store/questions.ts';
import type { ReviewDocument } from './store/review-document.ts';
import {
  findReviews,
  findReviewsOfAuthor,
  listReviews,
  type ReviewNarrowing,
  type ReviewSort,
  reviewsOfProduct,
  reviewsOfUser,
} from './store/reviews.ts';
import type { VoteDocument } from './store/vote-document.ts';
import { findVotesOn } from './store/votes.ts';

/** A page of something's list; things asked about with the same arguments are read together. */
export interface PageLoader<Row, Arguments = unknown> {
  load(ownerId: string, page: PageArguments, narrowing: Arguments): Promise<{ page: Page; rows: Row[] }>;
}

export interface ReviewListArguments {
  sort: ReviewSort;
  narrowing: ReviewNarrowing;
}

export interface Loaders {
  reviews: OneLoader<ReviewDocument>;
  questions: OneLoader<QuestionDocument>;
  products: OneLoader<ProductDocument>;
  reviewsOfProduct: PageLoader<ReviewDocument, ReviewListArguments>;
  questionsOfProduct: PageLoader<QuestionDocument>;
  reviewsOfUser: PageLoader<ReviewDocument>;
  /** The viewer's own, by product; nothing for a guest, as with the next two. */
  viewerReviews: OneLoader<ReviewDocument>;
  viewerPurchases: OneLoader<PurchaseDocument>;
  /** By review or answer. */
  viewerVotes: OneLoader<VoteDocument>;
}

export function createLoaders({ stores }: Services, viewer: Viewer): Loaders {
  const { userId } = viewer;
  const ofViewer =
    <Row>(find: (userId: string, keys: readonly string[]) => Promise<Row[]>) =>
    async (keys: readonly string[]) =>
      userId === undefined ? [] : find(userId, keys);
  return {
    reviews: loadOne(
      (ids) => findReviews(stores, ids),
      ({ _id }) => _id,
    ),
    questions: loadOne(
      (ids) => findQuestions(stores, ids),
      ({ _id }) => _id,
    ),
    products: loadOne(
      (ids) => findProducts(stores, ids),
      ({ _id }) => _id,
    ),
    reviewsOfProduct: loadPages(
      (ids, page, { sort, narrowing }) => listReviews(reviewsOfProduct(stores, sort, narrowing), ids, page),
      ({ productId }) => productId,
    ),
    questionsOfProduct: loadPages(
      (ids, page) => listQuestions(stores, ids, page),
      ({ productId }) => productId,
    ),
    reviewsOfUser: loadPages(
      async (ids, page) => {
        const whole = ids.filter((id) => maySeeUnpublishedOf(viewer, id));
        const published = ids.filter((id) => !whole.includes(id));
        const lists = [
          { ids: whole, list: reviewsOfUser(stores, false) },
          { ids: published, list: reviewsOfUser(stores, true) },
        ].filter((part) => part.ids.length > 0);
        return (await Promise.all(lists.map((part) => listReviews(part.list, part.ids, page)))).flat();
      },
      ({ authorId }) => authorId!,
    ),
    viewerReviews: loadOne(
      ofViewer((id, productIds) => findReviewsOfAuthor(stores, id, productIds)),
      ({ productId }) => productId,
    ),
    viewerPurchases: loadOne(
      ofViewer((id, productIds) => findPurchases(stores, id, productIds)),
      ({ productId }) => productId,
    ),
    viewerVotes: loadOne(
      ofViewer((id, subjectIds) => findVotesOn(stores, id, subjectIds)),
      ({ subjectId }) => subjectId,
    ),
  };
}

function loadPages<Row, Narrowing>(
  fetch: (ownerIds: readonly string[], page: Page, narrowing: Narrowing) => Promise<Row[]>,
  ownerOf: (row: Row) => string,
): PageLoader<Row, Narrowing> {
  const byArguments = new Map<string, ManyLoader<Row>>();
  return {
    load: async (ownerId, args, narrowing) => {
      const page = parsePage(args);
      const key = JSON.stringify([page.size, page.backward, page.after, page.before, narrowing]);
      let loader = byArguments.get(key);
      if (!loader) {
        loader = loadMany((ids) => fetch(ids, page, narrowing), ownerOf);
        byArguments.set(key, loader);
      }
      return { page, rows: await loader.load(ownerId) };
    },
  };
}
