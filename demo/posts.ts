/** What people of the demo shop wrote about its products, with the ids and the days that they get when it is loaded. */
import type { SeededProduct } from '@souk/catalog/seed';
import type { SeedQuestion, SeedReview } from '@souk/reviews/seed';
import type { DemoProduct } from './products.ts';
import { demoQuestions } from './questions.ts';
import { demoReviews } from './reviews.ts';

export interface Shop {
  typed: readonly DemoProduct[];
  /** In the same order. */
  products: readonly SeededProduct[];
  /** In the order of the demo people. */
  userIds: readonly string[];
  /** Milliseconds since 1970. */
  today: number;
}

const DAY_MS = 86_400_000;
/** The shop has been open for so long; its products appeared one after the other. */
const OPEN_FOR_DAYS = 730;
const BUYERS_BUT_ONE_IN = 8;

/** Of the product at `index`, in ms: the first one came when the shop opened, the last one yesterday. */
export function ageOf(index: number, count: number): number {
  return Math.round(DAY_MS * (1 + (OPEN_FOR_DAYS - 1) * (1 - index / count)));
}

export function reviewsOf(shop: Shop): SeedReview[] {
  const { typed, products, userIds } = shop;
  const reviews = demoReviews(typed.length, (product) => typed[product]!.thing);
  return reviews.map(({ author, product, daysAgo, helpfulTo, stars, title, body }, index) => ({
    authorId: userIds[author]!,
    productId: products[product]!.id,
    stars,
    title,
    body,
    isBuyer: index % BUYERS_BUT_ONE_IN !== 0,
    helpfulTo: helpfulTo.map((person) => userIds[person]!),
    writtenAt: writtenAt(shop, product, daysAgo),
  }));
}

export function questionsOf(shop: Shop): SeedQuestion[] {
  const { typed, products, userIds } = shop;
  const questions = demoQuestions(typed.length, (product) => typed[product]!.thing);
  return questions.map(({ author, product, body, daysAgo, answers }) => ({
    authorId: userIds[author]!,
    productId: products[product]!.id,
    body,
    askedAt: writtenAt(shop, product, daysAgo),
    answers: answers.map((answer) => ({
      authorId: userIds[answer.author]!,
      isFromShop: answer.isFromShop,
      body: answer.body,
      helpfulTo: answer.helpfulTo.map((person) => userIds[person]!),
      answeredAt: writtenAt(shop, product, answer.daysAgo),
    })),
  }));
}

/** Nobody writes about a thing before it is there: the days shrink with its age. */
function writtenAt({ typed, today }: Shop, product: number, daysAgo: number): Date {
  return new Date(today - Math.round(ageOf(product, typed.length) * (daysAgo / OPEN_FOR_DAYS)));
}
