import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withMongodb } from '@souk/kit/tests/stores';
import { newId } from '@souk/kit/values/ids';
import { demoPeople } from '../../../demo/people.ts';
import { demoQuestions } from '../../../demo/questions.ts';
import { demoReviews } from '../../../demo/reviews.ts';
import { recount } from '../domain/recounting.ts';
import { type SeedQuestion, type SeedReview, seedQuestions, seedReviews } from '../seed.ts';
import { findProducts } from '../store/products.ts';
import { type OpenRoom, openReviewsRoom } from './reviews-room.ts';

const PRODUCTS = 600;
/** All, or as many as take more than one batch. */
const REVIEWS = process.env.SOUK_LONG_TESTS ? 3_000 : 1_000;
const DAY = 86_400_000;

withMongodb('The demo shop', () => {
  let room: OpenRoom;
  const people = demoPeople.map(() => newId('usr'));
  const products = Array.from({ length: PRODUCTS }, () => newId('prd'));
  const ago = (days: number) => new Date(Date.UTC(2026, 0, 1) - days * DAY);
  const demo = demoReviews(PRODUCTS, () => 'table lamp');
  const reviews: SeedReview[] = demo.slice(0, REVIEWS).map((review, index) => ({
    authorId: people[review.author]!,
    productId: products[review.product]!,
    stars: review.stars,
    title: review.title,
    body: review.body,
    isBuyer: index % 10 < 7,
    helpfulTo: review.helpfulTo.map((reader) => people[reader]!),
    writtenAt: ago(review.daysAgo),
  }));
  const questions: SeedQuestion[] = demoQuestions(PRODUCTS, () => 'table lamp').map((question) => ({
    authorId: people[question.author]!,
    productId: products[question.product]!,
    body: question.body,
    askedAt: ago(question.daysAgo),
    answers: question.answers.map((answer) => ({
      authorId: people[answer.author]!,
      isFromShop: answer.isFromShop,
      body: answer.body,
      helpfulTo: answer.helpfulTo.map((reader) => people[reader]!),
      answeredAt: ago(answer.daysAgo),
    })),
  }));

  beforeAll(async () => {
    room = await openReviewsRoom();
  });
  afterAll(() => room.close());

  test('is loaded with all its reviews, votes and questions, and says how far it is', async () => {
    const told: number[] = [];
    const loaded = await seedReviews(room.services, reviews, (done) => told.push(done));
    expect(demo).toHaveLength(3_000);
    expect(loaded).toBe(REVIEWS);
    expect(told).toEqual([500, 1_000, 1_500, 2_000, 2_500, 3_000].slice(0, REVIEWS / 500));
    expect(await seedQuestions(room.services, questions)).toBe(240);
    const { stores } = room.services;
    expect(await stores.reviews.countDocuments({ state: 'PUBLISHED' })).toBe(REVIEWS);
    expect(await stores.recounts.countDocuments()).toBe(0);
  });

  test('has figures that a recount confirms', async () => {
    const asked = products.slice(0, 20);
    const before = await findProducts(room.services.stores, asked);
    for (const { _id } of before) expect(await recount(room.services, 'RATING', _id)).toBe(true);
    const figures = ({ stars, verified }: (typeof before)[number]) => ({ stars, verified });
    const after = await findProducts(room.services.stores, asked);
    expect(after.map(figures)).toEqual(before.map(figures));
    const [review] = await room.services.stores.reviews.find({ helpfulCount: 9 }).limit(1).toArray();
    await recount(room.services, 'REVIEW_VOTES', review!._id);
    expect(await room.services.stores.reviews.findOne({ _id: review!._id })).toMatchObject({
      helpfulCount: 9,
    });
  });

  test('is not loaded twice', async () => {
    expect(await seedReviews(room.services, reviews)).toBe(0);
    expect(await seedQuestions(room.services, questions)).toBe(0);
  });

  test('refuses what the rules refuse, and says which', async () => {
    const [first] = reviews;
    const short = { ...first!, productId: newId('prd'), body: 'Short.' };
    await expect(seedReviews(room.services, [short])).rejects.toThrow(
      /must have 20 to 5000 characters.*Short/,
    );
  });

  test('is the same on every machine', () => {
    expect(demoQuestions(PRODUCTS, () => 'rug')).toEqual(demoQuestions(PRODUCTS, () => 'rug'));
    const [question] = demoQuestions(PRODUCTS, () => 'rug');
    expect(question!.body).not.toContain('%');
    for (const { answers, daysAgo } of demoQuestions(PRODUCTS, () => 'rug')) {
      for (const answer of answers) expect(answer.daysAgo).toBeLessThan(daysAgo);
    }
  });
});
