/** Counters under many at once, and after a process that died half-way. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withMongodb } from '@souk/kit/tests/stores';
import { newId } from '@souk/kit/values/ids';
import { helpfulScore } from '../domain/helpfulness.ts';
import { reportReview } from '../domain/moderate-review.ts';
import { askQuestion, postAnswer } from '../domain/questions.ts';
import { ratingOf } from '../domain/rating.ts';
import { recount, recountDue } from '../domain/recounting.ts';
import { recordPurchases } from '../domain/told-by-others.ts';
import { voteOnAnswer, voteOnReview } from '../domain/votes.ts';
import { submitReview, updateReviewContent, withdrawReview } from '../domain/write-review.ts';
import { findProducts } from '../store/products.ts';
import {
  by,
  codesOf,
  HOUR,
  type OpenRoom,
  openReviewsRoom,
  product,
  someone,
  WORDS,
  written,
} from './reviews-room.ts';

/** More than there are connections to the database, or as many. */
const CROWD = 50;

withMongodb('Counters', () => {
  let room: OpenRoom;
  beforeAll(async () => {
    room = await openReviewsRoom();
  });
  afterAll(() => room.close());

  const people = Array.from({ length: CROWD }, someone);
  const ratingNow = async (productId: string) => {
    const [product] = await findProducts(room.services.stores, [productId]);
    return ratingOf(product);
  };
  const storedReview = async (id: string) => (await room.services.stores.reviews.findOne({ _id: id }))!;
  const openNotes = () => room.services.stores.recounts.countDocuments();

  test(`${CROWD} reviews at once are ${CROWD} in histogram, count, verified count and average`, async () => {
    const productId = await product(room);
    const buyers = people.slice(0, CROWD / 2);
    await recordPurchases(
      room.services,
      buyers.map(({ userId }) => ({ userId, productId, deliveredAt: new Date() })),
    );
    await Promise.all(
      people.map((author, index) => written(room, { author, productId, stars: (index % 5) + 1 })),
    );
    expect(await ratingNow(productId)).toEqual({
      average: 3,
      count: CROWD,
      verifiedCount: CROWD / 2,
      histogram: [5, 4, 3, 2, 1].map((stars) => ({ stars, count: CROWD / 5, share: 0.2 })),
    });
    expect(await openNotes()).toBe(0);
  });

  test(`of ${CROWD} submits by one person at once one goes through and counts`, async () => {
    const [productId, author] = [await product(room), someone()];
    const typed = { productId, stars: 5, title: 'Mine', body: WORDS };
    const outcomes = await Promise.all(
      people.map(() => submitReview(room.services, by(author), author.userId, typed)),
    );
    const codes = outcomes.map(codesOf);
    expect(codes.filter((code) => code === 'done')).toHaveLength(1);
    expect(codes.filter((code) => code[0] === 'REVIEW_EXISTS')).toHaveLength(CROWD - 1);
    expect(await ratingNow(productId)).toMatchObject({ count: 1, average: 5 });
    room.pass(HOUR);
    await recountDue(room.services);
    expect(await ratingNow(productId)).toMatchObject({ count: 1, average: 5 });
    expect(await openNotes()).toBe(0);
  });

  test('edits and withdrawals at once leave the figures of what stands in the end', async () => {
    const productId = await product(room);
    const authors = people.slice(0, 20);
    const reviews = await Promise.all(
      authors.map((author) => written(room, { author, productId, stars: 5 })),
    );
    await Promise.all(
      reviews.map(({ _id: reviewId }, index) =>
        index % 2 === 0
          ? withdrawReview(room.services, by(authors[index]!), reviewId)
          : updateReviewContent(room.services, by(authors[index]!), {
              reviewId,
              expectedVersion: 1,
              stars: 1,
            }),
      ),
    );
    expect(await ratingNow(productId)).toMatchObject({ count: 10, average: 1 });
  });

  test(`${CROWD} votes at once are ${CROWD}, also when everybody changes their mind meanwhile`, async () => {
    const { _id: reviewId } = await written(room);
    const cast = (vote: 'HELPFUL' | 'UNHELPFUL' | 'NONE') =>
      people.map((voter) => voteOnReview(room.services, by(voter), voter.userId, { reviewId, vote }));
    await Promise.all([...cast('HELPFUL'), ...cast('HELPFUL')]);
    expect(await storedReview(reviewId)).toMatchObject({
      helpfulCount: CROWD,
      unhelpfulCount: 0,
      helpfulScore: helpfulScore(CROWD, 0),
    });
    await Promise.all([...cast('UNHELPFUL'), ...cast('NONE'), ...cast('HELPFUL')]);
    const votes = await room.services.stores.votes.find({ subjectId: reviewId }).toArray();
    const helpful = votes.filter(({ vote }) => vote === 'HELPFUL').length;
    const after = await storedReview(reviewId);
    expect([after.helpfulCount, after.unhelpfulCount]).toEqual([helpful, votes.length - helpful]);
    expect(after.helpfulScore).toBeCloseTo(helpfulScore(after.helpfulCount, after.unhelpfulCount));
  });

  test(`${CROWD} votes and ten answers at once all count`, async () => {
    const asker = someone();
    const asked = await askQuestion(room.services, by(asker), asker.userId, {
      productId: await product(room),
      body: 'Does it fit into a small kitchen?',
    });
    if (!asked.ok) throw new Error('not asked');
    const questionId = asked.value._id;
    const answer = () => {
      const author = someone();
      return postAnswer(room.services, by(author), author.userId, { questionId, body: 'It does.' });
    };
    const first = await answer();
    if (!first.ok) throw new Error('not answered');
    const answerId = first.value.answer.id;
    const votes = people.map((voter) =>
      voteOnAnswer(room.services, by(voter), voter.userId, { answerId, vote: 'HELPFUL' }),
    );
    await Promise.all([...votes, ...Array.from({ length: 10 }, answer)]);
    const [question] = await room.services.stores.questions.find({ _id: questionId }).toArray();
    expect(question!.answers).toHaveLength(11);
    expect(question!.answers.find(({ id }) => id === answerId)).toMatchObject({ helpfulCount: CROWD });
  });

  test(`of ${CROWD} reports at once five hide the review, and each reader has one`, async () => {
    const { _id: reviewId, productId } = await written(room);
    const outcomes = await Promise.all(
      people.map((reader) =>
        reportReview(room.services, by(reader), reader.userId, { reviewId, reason: 'SPAM' }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(5);
    const review = await storedReview(reviewId);
    expect(review).toMatchObject({ state: 'PENDING', reportCount: 5, queue: { reasons: ['REPORTED'] } });
    expect(await ratingNow(productId)).toMatchObject({ count: 0, average: null });
  });

  test('what a process left half-counted is counted anew once its note is due', async () => {
    const { stores } = room.services;
    const review = await written(room, { stars: 2 });
    const note = { _id: newId('rct'), subjectId: review.productId, dueAt: new Date(Date.now() + 10 * HOUR) };
    await stores.recounts.insertOne({ ...note, kind: 'RATING' });
    await stores.products.updateOne({ _id: review.productId }, { $set: { 'stars.2': 7, 'stars.5': 3 } });
    expect(await recountDue(room.services)).toBe(0);
    room.pass(12 * HOUR);
    expect(await recountDue(room.services)).toBe(1);
    expect(await ratingNow(review.productId)).toMatchObject({ count: 1, average: 2 });
    expect(await openNotes()).toBe(0);
  });

  test('a recount keeps off what others are counting at the moment', async () => {
    const { stores, now } = room.services;
    const { productId, _id } = await written(room, { stars: 2 });
    const dueAt = new Date(now().getTime() + HOUR);
    await stores.recounts.insertMany([
      { _id: newId('rct'), kind: 'RATING', subjectId: productId, dueAt },
      { _id: newId('rct'), kind: 'REVIEW_VOTES', subjectId: _id, dueAt },
    ]);
    expect(await recount(room.services, 'RATING', productId)).toBe(false);
    expect(await recount(room.services, 'REVIEW_VOTES', _id)).toBe(false);
    await stores.recounts.deleteMany({});
  });

  test(`recounts in the midst of ${CROWD} votes do no harm`, async () => {
    const { _id: reviewId } = await written(room);
    const votes = people.map((voter) =>
      voteOnReview(room.services, by(voter), voter.userId, { reviewId, vote: 'HELPFUL' }),
    );
    const recounts = Array.from({ length: 20 }, () => recount(room.services, 'REVIEW_VOTES', reviewId));
    await Promise.all([...votes, ...recounts]);
    expect(await storedReview(reviewId)).toMatchObject({ helpfulCount: CROWD, unhelpfulCount: 0 });
  });

  test('votes on reviews and answers are counted anew from the votes', async () => {
    const voter = someone();
    const { _id: reviewId } = await written(room);
    await voteOnReview(room.services, by(voter), voter.userId, { reviewId, vote: 'UNHELPFUL' });
    await room.services.stores.reviews.updateOne({ _id: reviewId }, { $set: { unhelpfulCount: 9 } });
    expect(await recount(room.services, 'REVIEW_VOTES', reviewId)).toBe(true);
    expect(await storedReview(reviewId)).toMatchObject({
      helpfulCount: 0,
      unhelpfulCount: 1,
      helpfulScore: 0,
    });
    expect(await recount(room.services, 'REVIEW_VOTES', newId('rev'))).toBe(true);
    expect(await recount(room.services, 'ANSWER_VOTES', newId('ans'))).toBe(true);
  });
});
