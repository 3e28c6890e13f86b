/** The collections of this room and the indexes that they are declared with. A test explains every query against them. */
import { INBOX_INDEXES } from '@souk/kit/events/inbox-mongodb';
import { OUTBOX_INDEX } from '@souk/kit/events/outbox-mongodb';
import type { DeclaredIndexes } from '@souk/kit/mongodb/migrations';
import type { Collection, Db } from 'mongodb';
import type { ProductDocument } from './product-document.ts';
import type { PurchaseDocument } from './purchase-document.ts';
import type { StoredQuestion } from './question-document.ts';
import type { QuotaDocument } from './quota-document.ts';
import type { RecountDocument } from './recount-document.ts';
import type { StoredReview } from './review-document.ts';
import type { VoteDocument } from './vote-document.ts';

export interface Collections {
  reviews: Collection<StoredReview>;
  questions: Collection<StoredQuestion>;
  products: Collection<ProductDocument>;
  votes: Collection<VoteDocument>;
  purchases: Collection<PurchaseDocument>;
  quotas: Collection<QuotaDocument>;
  recounts: Collection<RecountDocument>;
}

export function collectionsOf(db: Db): Collections {
  return {
    reviews: db.collection('reviews'),
    questions: db.collection('questions'),
    products: db.collection('products'),
    votes: db.collection('votes'),
    purchases: db.collection('purchases'),
    quotas: db.collection('quotas'),
    recounts: db.collection('recounts'),
  };
}

/** Collections whose documents hold events. */
export const TELLING = ['reviews', 'questions', 'products'] as const;

const newest = { createdAt: -1, _id: -1 } as const;
/** Most of what is written never waits, so it is not in this index. */
const queue = {
  name: 'queue',
  key: { 'queue.reportCount': -1, 'queue.queuedAt': 1, 'queue.id': 1 },
  partialFilterExpression: { 'queue.reportCount': { $gte: 0 } },
} as const;

export const INDEXES: DeclaredIndexes = {
  ...INBOX_INDEXES,
  products: [OUTBOX_INDEX],
  reviews: [
    OUTBOX_INDEX,
    // One review a user and product. Erased authors are all the same nobody, and no user.
    {
      name: 'author_product',
      key: { authorId: 1, productId: 1 },
      unique: true,
      partialFilterExpression: { authorId: { $gt: '' } },
    },
    { name: 'product_helpful', key: { productId: 1, state: 1, helpfulScore: -1, _id: -1 } },
    { name: 'product_newest', key: { productId: 1, state: 1, ...newest } },
    // LOWEST reads it backwards.
    { name: 'product_stars', key: { productId: 1, state: 1, stars: -1, ...newest } },
    { name: 'author_newest', key: { authorId: 1, ...newest } },
    { name: 'author_state_newest', key: { authorId: 1, state: 1, ...newest } },
    // For erasures.
    { name: 'reporter', key: { 'reports.userId': 1 }, sparse: true },
    { name: 'replier', key: { 'reply.authorId': 1 }, sparse: true },
    queue,
  ],
  questions: [
    OUTBOX_INDEX,
    { name: 'product_answered', key: { productId: 1, state: 1, answeredAt: -1, _id: -1 } },
    { name: 'answers', key: { 'answers.id': 1 } },
    { name: 'author_state', key: { authorId: 1, state: 1 } },
    { name: 'answer_author', key: { 'answers.authorId': 1 } },
    queue,
  ],
  votes: [
    { name: 'subject', key: { subjectId: 1, vote: 1 } },
    { name: 'user', key: { userId: 1 } },
  ],
  purchases: [{ name: 'user', key: { userId: 1 } }],
  quotas: [
    { name: 'user', key: { userId: 1 } },
    { name: 'over', key: { endsAt: 1 }, expireAfterSeconds: 0 },
  ],
  recounts: [
    { name: 'due', key: { dueAt: 1 } },
    { name: 'subject', key: { subjectId: 1 } },
  ],
};
