/** Reviews: what customers say about products, and who checks it. */
import { readFileSync } from 'node:fs';
import { folderOf } from '@souk/kit/room/package-folder';
import { defineRoom } from '@souk/kit/room/room';
import { createContext } from './context.ts';
import { reviewsEvents } from './events.ts';
import { HEARD } from './listening.ts';
import { NAME, openReviews } from './open.ts';
import { Answer } from './resolvers/Answer.ts';
import { ModerationItem } from './resolvers/ModerationItem.ts';
import { ModerationSubject } from './resolvers/ModerationSubject.ts';
import { Mutation } from './resolvers/Mutation.ts';
import { Product } from './resolvers/Product.ts';
import { Query } from './resolvers/Query.ts';
import { Question } from './resolvers/Question.ts';
import { Review } from './resolvers/Review.ts';
import { ReviewReply } from './resolvers/ReviewReply.ts';
import { Subscription } from './resolvers/Subscription.ts';
import { User } from './resolvers/User.ts';
import { reviewsSettings } from './settings.ts';

export const reviews = defineRoom({
  name: NAME,
  sdl: readFileSync(new URL('../../schema/reviews.graphql', folderOf('@souk/reviews')), 'utf8'),
  resolvers: {
    Query,
    Mutation,
    Subscription,
    Product,
    User,
    Review,
    ReviewReply,
    Question,
    Answer,
    ModerationItem,
    ModerationSubject,
  },
  tells: reviewsEvents,
  hears: HEARD,
  stores: ['mongodb', 'redis'],
  settings: reviewsSettings,
  open: openReviews,
  context: createContext,
});
