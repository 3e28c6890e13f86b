/** What shoppers do: write, edit, take back, vote; all through the API. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withMongodb } from '@souk/kit/tests/stores';
import { newId } from '@souk/kit/values/ids';
import { archiveProduct, listProduct, recordPurchases } from '../domain/told-by-others.ts';
import {
  GUEST,
  HOUR,
  type OpenRoom,
  openReviewsRoom,
  product,
  someone,
  staff,
  told,
  WORDS,
  written,
} from './reviews-room.ts';

const ERRORS = 'userErrors { kind code message field }';
const SUBMIT = `mutation ($input: ReviewSubmitInput!) { reviewSubmit(input: $input) {
  review { id state isVerifiedPurchase version author { id } product { id rating { average count verifiedCount } } } ${ERRORS} } }`;
const UPDATE = `mutation ($input: ReviewUpdateInput!) { reviewUpdate(input: $input) {
  review { id state stars title body version } ${ERRORS} } }`;
const DELETE = `mutation ($input: ReviewDeleteInput!) { reviewDelete(input: $input) { review { id state } ${ERRORS} } }`;
const VOTE = `mutation ($input: ReviewVoteInput!) { reviewVote(input: $input) {
  review { helpfulCount unhelpfulCount viewerVote } ${ERRORS} } }`;
const ASK = `mutation ($input: QuestionAskInput!) { questionAsk(input: $input) { question { id state body } ${ERRORS} } }`;
const ANSWER = `mutation ($input: AnswerPostInput!) { answerPost(input: $input) {
  answer { id body isFromShop isFromBuyer author { id } } question { id answerCount } ${ERRORS} } }`;
const ANSWER_VOTE = `mutation ($input: AnswerVoteInput!) { answerVote(input: $input) {
  answer { id helpfulCount viewerVote } ${ERRORS} } }`;

withMongodb('Shoppers', () => {
  let room: OpenRoom;
  beforeAll(async () => {
    room = await openReviewsRoom();
  });
  afterAll(() => room.close());

  const review = (productId: string, more: object = {}) => ({
    productId,
    stars: 5,
    title: 'Lovely',
    body: WORDS,
    ...more,
  });

  describe('a review', () => {
    test('is public at once and counts in the rating of its product', async () => {
      const [ada, productId] = [someone(), await product(room)];
      const { data } = await room.ask(ada, SUBMIT, { input: review(productId) });
      expect(data.reviewSubmit).toMatchObject({
        userErrors: [],
        review: {
          state: 'PUBLISHED',
          isVerifiedPurchase: false,
          version: 1,
          author: { id: ada.userId },
          product: { id: productId, rating: { average: 5, count: 1, verifiedCount: 0 } },
        },
      });
    });

    test('of somebody who had the product delivered says so', async () => {
      const [ada, productId] = [someone(), await product(room)];
      await recordPurchases(room.services, [{ userId: ada.userId, productId, deliveredAt: new Date() }]);
      const { data } = await room.ask(ada, SUBMIT, { input: review(productId) });
      expect(data.reviewSubmit.review).toMatchObject({
        isVerifiedPurchase: true,
        product: { rating: { verifiedCount: 1 } },
      });
    });

    test('is refused with every fault of its input at once', async () => {
      const input = review(await product(room), {
        stars: 6,
        title: '  ',
        body: 'Too short.',
        mediaUrls: ['https://pictures.example.com/1.jpg', 'https://evil.example.org/2.jpg'],
      });
      const { data } = await room.ask(someone(), SUBMIT, { input });
      expect(data.reviewSubmit.review).toBeNull();
      expect(data.reviewSubmit.userErrors).toMatchObject([
        { kind: 'INVALID', code: 'STARS_INVALID', field: ['stars'] },
        { code: 'TEXT_LENGTH_INVALID', field: ['title'] },
        {
          code: 'TEXT_LENGTH_INVALID',
          field: ['body'],
          message: 'The review must have 20 to 5000 characters, but has 10',
        },
        { code: 'MEDIA_HOST_NOT_ALLOWED', field: ['mediaUrls', '1'] },
      ]);
    });

    test('shows at most five pictures, from hosts that the shop allows, over https', async () => {
      const faults = async (...mediaUrls: string[]) => {
        const { data } = await room.ask(someone(), SUBMIT, {
          input: review(await product(room), { mediaUrls }),
        });
        return data.reviewSubmit.userErrors.map(({ code }: { code: string }) => code);
      };
      const picture = 'https://eu.cdn.example.com/a.jpg';
      expect(await faults(picture, 'https://pictures.example.com/b.jpg')).toEqual([]);
      expect(await faults('http://pictures.example.com/b.jpg')).toEqual(['MEDIA_HOST_NOT_ALLOWED']);
      expect(await faults('https://cdn.example.com.evil.org/b.jpg')).toEqual(['MEDIA_HOST_NOT_ALLOWED']);
      expect(await faults(...Array.from({ length: 6 }, () => picture))).toEqual(['TOO_MANY_PICTURES']);
    });

    test('is written once a user and product', async () => {
      const [ada, productId] = [someone(), await product(room)];
      await room.ask(ada, SUBMIT, { input: review(productId) });
      const { data } = await room.ask(ada, SUBMIT, { input: review(productId) });
      expect(data.reviewSubmit.userErrors).toMatchObject([{ kind: 'CONFLICT', code: 'REVIEW_EXISTS' }]);
    });

    test('of a product that is not for sale any more is refused until it is again', async () => {
      const [ada, productId] = [someone(), await product(room)];
      await archiveProduct(room.services, told(productId));
      const { data } = await room.ask(ada, SUBMIT, { input: review(productId) });
      expect(data.reviewSubmit.userErrors).toMatchObject([{ kind: 'NOT_FOUND', code: 'PRODUCT_NOT_FOUND' }]);
      await listProduct(room.services, told(productId));
      expect(
        (await room.ask(ada, SUBMIT, { input: review(productId) })).data.reviewSubmit.userErrors,
      ).toEqual([]);
    });

    test('of a product that the catalog never told of is refused', async () => {
      const { data } = await room.ask(someone(), SUBMIT, { input: review(newId('prd')) });
      expect(data.reviewSubmit).toMatchObject({
        review: null,
        userErrors: [{ kind: 'NOT_FOUND', code: 'PRODUCT_NOT_FOUND', message: 'There is no such product' }],
      });
    });

    test('needs a person who is signed in, and the id of a product', async () => {
      const code = async (viewer: typeof GUEST, productId: string) =>
        (await room.ask(viewer, SUBMIT, { input: review(productId) })).errors?.[0]?.extensions;
      expect(await code(GUEST, newId('prd'))).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await code({ apiKeyId: newId('key'), scopes: [] }, newId('prd'))).toMatchObject({
        code: 'FORBIDDEN',
      });
      expect(await code(someone(), newId('usr'))).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: 'input.productId',
      });
    });
  });

  describe('an edit', () => {
    test('changes what it names, moves the rating, and raises the version', async () => {
      const [ada, productId] = [someone(), await product(room)];
      const { _id: reviewId } = await written(room, { author: ada, productId, stars: 5, title: 'Before' });
      const { data } = await room.ask(ada, UPDATE, { input: { reviewId, expectedVersion: 1, stars: 2 } });
      expect(data.reviewUpdate.review).toMatchObject({ stars: 2, title: 'Before', body: WORDS, version: 2 });
      const rating = await room.ask(
        GUEST,
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { rating { average histogram { stars count share } } } } }`,
        { r: [{ __typename: 'Product', id: productId }] },
      );
      expect(rating.data._entities[0].rating).toMatchObject({ average: 2 });
      expect(rating.data._entities[0].rating.histogram[3]).toEqual({ stars: 2, count: 1, share: 1 });
    });

    test('that is based on an older version is a conflict', async () => {
      const ada = someone();
      const { _id: reviewId } = await written(room, { author: ada });
      const edit = (stars: number) =>
        room.ask(ada, UPDATE, { input: { reviewId, expectedVersion: 1, stars } });
      await edit(1);
      expect((await edit(2)).data.reviewUpdate).toMatchObject({
        review: null,
        userErrors: [{ kind: 'CONFLICT', code: 'VERSION_CONFLICT', field: ['expectedVersion'] }],
      });
    });

    test('of somebody else’s review is refused', async () => {
      const { _id: reviewId } = await written(room);
      const input = { reviewId, expectedVersion: 1, stars: 1 };
      const { data } = await room.ask(someone(), UPDATE, { input });
      expect(data.reviewUpdate.userErrors).toMatchObject([{ kind: 'FORBIDDEN', code: 'NOT_AUTHOR' }]);
      const unknown = { ...input, reviewId: newId('rev') };
      expect(
        (await room.ask(someone(), UPDATE, { input: unknown })).data.reviewUpdate.userErrors,
      ).toMatchObject([{ code: 'REVIEW_NOT_FOUND' }]);
    });

    test('with faults is refused as a whole', async () => {
      const ada = someone();
      const { _id: reviewId } = await written(room, { author: ada });
      const input = { reviewId, expectedVersion: 1, stars: 0, title: 'Fine' };
      expect((await room.ask(ada, UPDATE, { input })).data.reviewUpdate.userErrors).toMatchObject([
        { code: 'STARS_INVALID' },
      ]);
    });
  });

  test('what is taken back leaves the rating, and can be written anew in its place', async () => {
    const [ada, productId] = [someone(), await product(room)];
    const { _id: reviewId } = await written(room, { author: ada, productId });
    const taken = await room.ask(ada, DELETE, { input: { reviewId } });
    expect(taken.data.reviewDelete.review).toEqual({ id: reviewId, state: 'WITHDRAWN' });
    expect((await room.ask(ada, DELETE, { input: { reviewId } })).data.reviewDelete.userErrors).toEqual([]);
    expect(await room.services.stores.products.findOne({ _id: productId })).toMatchObject({
      stars: { 4: 0 },
    });
    expect(
      (await room.ask(someone(), DELETE, { input: { reviewId } })).data.reviewDelete.userErrors,
    ).toMatchObject([{ code: 'REVIEW_NOT_FOUND' }]);
    const { data } = await room.ask(ada, SUBMIT, { input: review(productId) });
    expect(data.reviewSubmit.review).toMatchObject({
      id: reviewId,
      state: 'PUBLISHED',
      product: { rating: { count: 1, average: 5 } },
    });
  });

  describe('a vote', () => {
    test('counts once a person; a second one replaces the first, and NONE takes it back', async () => {
      const [ada, { _id: reviewId }] = [someone(), await written(room)];
      const vote = async (vote: string) =>
        (await room.ask(ada, VOTE, { input: { reviewId, vote } })).data.reviewVote.review;
      expect(await vote('HELPFUL')).toEqual({ helpfulCount: 1, unhelpfulCount: 0, viewerVote: 'HELPFUL' });
      expect(await vote('HELPFUL')).toMatchObject({ helpfulCount: 1 });
      expect(await vote('UNHELPFUL')).toEqual({
        helpfulCount: 0,
        unhelpfulCount: 1,
        viewerVote: 'UNHELPFUL',
      });
      expect(await vote('NONE')).toEqual({ helpfulCount: 0, unhelpfulCount: 0, viewerVote: null });
    });

    test('is for what others wrote and what is there to be seen', async () => {
      const ada = someone();
      const { _id: reviewId } = await written(room, { author: ada });
      const code = async (viewer: typeof ada, id: string) =>
        (await room.ask(viewer, VOTE, { input: { reviewId: id, vote: 'HELPFUL' } })).data.reviewVote
          .userErrors[0].code;
      expect(await code(ada, reviewId)).toBe('OWN_CONTENT');
      expect(await code(someone(), newId('rev'))).toBe('REVIEW_NOT_FOUND');
    });
  });

  describe('a question', () => {
    test('is answered by buyers and the shop, each marked as such', async () => {
      const [ada, buyer, shop, productId] = [someone(), someone(), staff(), await product(room)];
      await recordPurchases(room.services, [{ userId: buyer.userId, productId, deliveredAt: new Date() }]);
      const asked = await room.ask(ada, ASK, { input: { productId, body: 'Is it washable at 30 degrees?' } });
      expect(asked.data.questionAsk.question).toMatchObject({ state: 'PUBLISHED' });
      const questionId = asked.data.questionAsk.question.id;
      const answer = async (viewer: typeof ada, body: string) =>
        (await room.ask(viewer, ANSWER, { input: { questionId, body } })).data.answerPost;
      const first = await answer(buyer, 'I have done it.');
      expect(first.answer).toMatchObject({
        isFromBuyer: true,
        isFromShop: false,
        author: { id: buyer.userId },
      });
      const second = await answer(shop, 'Yes, with like colours.');
      expect(second).toMatchObject({
        answer: { isFromShop: true, isFromBuyer: false },
        question: { answerCount: 2 },
      });
      await room.ask(ada, ANSWER_VOTE, { input: { answerId: first.answer.id, vote: 'HELPFUL' } });
      const page = await room.ask(
        ada,
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { questions(first: 3) { nodes { id
          answers(first: 5) { nodes { id helpfulCount viewerVote createdAt body } } } } } } }`,
        { r: [{ __typename: 'Product', id: productId }] },
      );
      expect(page.data._entities[0].questions.nodes[0].answers.nodes).toMatchObject([
        { id: second.answer.id },
        { id: first.answer.id, helpfulCount: 1, viewerVote: 'HELPFUL' },
      ]);
    });

    test('and its answers have lengths, owners and an end', async () => {
      const [ada, productId] = [someone(), await product(room)];
      const codes = async (query: string, input: object, field: string) =>
        (await room.ask(ada, query, { input })).data[field].userErrors.map(
          ({ code }: { code: string }) => code,
        );
      expect(await codes(ASK, { productId, body: 'Eh?' }, 'questionAsk')).toEqual(['TEXT_LENGTH_INVALID']);
      expect(await codes(ANSWER, { questionId: newId('qst'), body: 'Yes.' }, 'answerPost')).toEqual([
        'QUESTION_NOT_FOUND',
      ]);
      expect(await codes(ANSWER, { questionId: newId('qst'), body: '' }, 'answerPost')).toEqual([
        'TEXT_LENGTH_INVALID',
      ]);
      expect(await codes(ANSWER_VOTE, { answerId: newId('ans'), vote: 'HELPFUL' }, 'answerVote')).toEqual([
        'ANSWER_NOT_FOUND',
      ]);
      const asked = await room.ask(ada, ASK, { input: { productId, body: 'Is it washable at 30 degrees?' } });
      const questionId = asked.data.questionAsk.question.id;
      const own = await room.ask(ada, ANSWER, { input: { questionId, body: 'It is, I found out.' } });
      expect(
        await codes(ANSWER_VOTE, { answerId: own.data.answerPost.answer.id, vote: 'HELPFUL' }, 'answerVote'),
      ).toEqual(['OWN_CONTENT']);
      const { questions } = room.services.stores;
      const [answer] = (await questions.findOne({ _id: questionId }))!.answers;
      await questions.updateOne(
        { _id: questionId },
        { $set: { answers: Array.from({ length: 100 }, () => answer!) } },
      );
      expect(await codes(ANSWER, { questionId, body: 'One more.' }, 'answerPost')).toEqual(['ANSWER_LIMIT']);
      await archiveProduct(room.services, told(productId));
      expect(await codes(ASK, { productId, body: 'Is it still sold?' }, 'questionAsk')).toEqual([
        'PRODUCT_NOT_FOUND',
      ]);
    });
  });

  test('posts are limited by the hour, for everybody but staff', async () => {
    const [ada, shop] = [someone(), staff()];
    room.rules.postsPerHour = 3;
    const codes = async (viewer: typeof ada) =>
      (await room.ask(viewer, SUBMIT, { input: review(await product(room)) })).data.reviewSubmit.userErrors;
    for (let post = 0; post < 3; post++) expect(await codes(ada)).toEqual([]);
    expect(await codes(ada)).toMatchObject([{ kind: 'EXHAUSTED', code: 'RATE_LIMITED' }]);
    for (let post = 0; post < 4; post++) expect(await codes(shop)).toEqual([]);
    room.pass(HOUR);
    expect(await codes(ada)).toEqual([]);
    room.rules.postsPerHour = 1_000;
  });
});
