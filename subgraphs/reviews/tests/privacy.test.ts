import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mongodbOutbox } from '@souk/kit/events/outbox-mongodb';
import { withMongodb } from '@souk/kit/tests/stores';
import { moderateReview, reportReview, setReply } from '../domain/moderate-review.ts';
import { createPrivacyDuties } from '../domain/privacy.ts';
import { askQuestion, postAnswer } from '../domain/questions.ts';
import { recordPurchases } from '../domain/told-by-others.ts';
import { voteOnAnswer, voteOnReview } from '../domain/votes.ts';
import { withdrawReview } from '../domain/write-review.ts';
import { TELLING } from '../store/collections.ts';
import { by, type OpenRoom, openReviewsRoom, product, someone, staff, written } from './reviews-room.ts';

withMongodb('A person who asks for their data', () => {
  let room: OpenRoom;
  beforeAll(async () => {
    room = await openReviewsRoom();
  });
  afterAll(() => room.close());

  type Person = ReturnType<typeof someone>;
  const ask = async (author: Person, productId: string) => {
    const outcome = await askQuestion(room.services, by(author), author.userId, {
      productId,
      body: 'Secret question?',
    });
    if (!outcome.ok) throw new Error('not asked');
    return outcome.value._id;
  };
  const answer = async (author: Person, questionId: string, body: string) => {
    const outcome = await postAnswer(room.services, by(author), author.userId, { questionId, body });
    if (!outcome.ok) throw new Error('not answered');
    return outcome.value.answer.id;
  };

  /** What a relay does: deleted ones stay until then. */
  const tellAll = async () => {
    const outbox = mongodbOutbox(room.db, TELLING);
    for (;;) {
      const events = await outbox.read(100);
      if (events.length === 0) return;
      await outbox.remove(events);
    }
  };

  test('gets all of it; one who is forgotten leaves stars without words, and every counter right', async () => {
    const { services } = room;
    const { stores } = services;
    const duties = createPrivacyDuties(services);
    const [ada, ben, productId] = [someone(), someone(), await product(room)];
    await recordPurchases(services, [{ userId: ada.userId, productId, deliveredAt: new Date() }]);
    const published = await written(room, {
      author: ada,
      productId,
      stars: 2,
      title: 'Secret',
      body: 'Secret words of a reviewer.',
    });
    const withdrawn = await written(room, { author: ada, title: 'Secret' });
    await withdrawReview(services, by(ada), withdrawn._id);
    const others = await written(room, { author: ben, productId, stars: 4 });
    await voteOnReview(services, by(ada), ada.userId, { reviewId: others._id, vote: 'HELPFUL' });
    await voteOnReview(services, by(ben), ben.userId, { reviewId: published._id, vote: 'HELPFUL' });
    await reportReview(services, by(ada), ada.userId, {
      reviewId: others._id,
      reason: 'FAKE',
      comment: 'Secret hint',
    });
    const lonely = await ask(ada, productId);
    const answered = await ask(ada, productId);
    const bens = await answer(ben, answered, 'An answer that stays.');
    const adas = await answer(ada, answered, 'Secret answer.');
    await voteOnAnswer(services, by(ada), ada.userId, { answerId: bens, vote: 'UNHELPFUL' });
    await voteOnAnswer(services, by(ben), ben.userId, { answerId: adas, vote: 'HELPFUL' });

    const { records, data } = await duties.exportUser(ada.userId);
    expect(records).toBe(9);
    expect(data).toMatchObject({
      reviews: expect.arrayContaining([expect.objectContaining({ id: published._id, title: 'Secret' })]),
      questions: [{ id: lonely }, { id: answered }],
      answers: [{ id: adas, questionId: answered, body: 'Secret answer.' }],
      votes: expect.arrayContaining([expect.objectContaining({ subjectId: others._id, vote: 'HELPFUL' })]),
      reports: [{ reviewId: others._id, reason: 'FAKE', comment: 'Secret hint' }],
      purchases: [{ productId }],
    });

    const erased = await duties.eraseUser(ada.userId);
    expect(erased.records).toBe(9);
    expect(erased.retained).toMatch(/Stars of published reviews/);
    expect((await duties.exportUser(ada.userId)).records).toBe(0);
    expect((await duties.eraseUser(ada.userId)).records).toBe(0);
    await tellAll();
    for (const name of Object.keys(stores) as (keyof typeof stores)[]) {
      const all = JSON.stringify(await room.db.collection(name).find().toArray());
      expect(all).not.toMatch(/Secret/);
      expect(all).not.toContain(ada.userId);
    }
    expect(await stores.reviews.findOne({ _id: published._id })).toMatchObject({
      authorId: null,
      stars: 2,
      state: 'PUBLISHED',
    });
    expect(await stores.reviews.findOne({ _id: withdrawn._id })).toBeNull();
    expect(await stores.reviews.findOne({ _id: others._id })).toMatchObject({
      helpfulCount: 0,
      reportCount: 1,
    });
    expect(await stores.products.findOne({ _id: productId })).toMatchObject({
      stars: { 2: 1, 4: 1 },
      verified: 1,
    });
    expect(await stores.questions.findOne({ _id: lonely })).toBeNull();
    expect(await stores.questions.findOne({ _id: answered })).toMatchObject({
      authorId: null,
      body: '',
      answers: [{ id: bens, unhelpfulCount: 0 }],
    });
  });

  test('forgets members of staff, and keeps what they said for the shop', async () => {
    const { services } = room;
    const [shop, ben, productId] = [staff(), someone(), await product(room)];
    const review = await written(room, { author: ben, productId });
    await setReply(services, by(shop), { reviewId: review._id, expectedVersion: 1, body: 'Thank you!' });
    const questionId = await ask(ben, productId);
    await answer(shop, questionId, 'Yes, it is.');
    await createPrivacyDuties(services).eraseUser(shop.userId);
    const { stores } = services;
    expect(await stores.reviews.findOne({ _id: review._id })).toMatchObject({
      reply: { body: 'Thank you!', authorId: null },
    });
    expect((await stores.questions.findOne({ _id: questionId }))!.answers).toMatchObject([
      { body: 'Yes, it is.', authorId: null, isFromShop: true },
    ]);
    const { data } = await room.ask(
      ben,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product {
        reviews { nodes { reply { body author { id } } author { id } } } questions { nodes { author { id } answers { nodes { author { id } } } } } } } }`,
      { r: [{ __typename: 'Product', id: productId }] },
    );
    expect(data._entities[0].reviews.nodes[0].reply).toEqual({ body: 'Thank you!', author: null });
    expect(data._entities[0].questions.nodes[0].answers.nodes[0].author).toBeNull();
  });

  test('two forgotten authors of one product do not get into each other’s way', async () => {
    const productId = await product(room);
    const authors = [someone(), someone()];
    for (const author of authors) await written(room, { author, productId });
    for (const { userId } of authors) await createPrivacyDuties(room.services).eraseUser(userId);
    const left = await room.services.stores.reviews.find({ productId }).toArray();
    expect(left.map(({ authorId }) => authorId)).toEqual([null, null]);
    const page = await room.ask(
      someone(),
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { reviews { nodes { title author { id } } } } } }`,
      { r: [{ __typename: 'Product', id: productId }] },
    );
    expect(page.data._entities[0].reviews.nodes).toEqual([
      { title: '', author: null },
      { title: '', author: null },
    ]);
  });

  test('a rejected review is gone with its votes', async () => {
    const author = someone();
    const { _id: reviewId } = await written(room, { author });
    const voter = someone();
    await voteOnReview(room.services, by(voter), voter.userId, { reviewId, vote: 'HELPFUL' });
    await moderateReview(room.services, by(staff()), {
      reviewId,
      expectedVersion: 1,
      decision: 'REJECT',
      reason: 'No',
    });
    await createPrivacyDuties(room.services).eraseUser(author.userId);
    expect(await room.services.stores.votes.countDocuments({ subjectId: reviewId })).toBe(0);
  });
});
