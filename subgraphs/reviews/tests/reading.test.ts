/** Lists and entities: how many queries they take, and that pages are exact. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withMongodb } from '@souk/kit/tests/stores';
import { newId } from '@souk/kit/values/ids';
import fc from 'fast-check';
import { askQuestion, postAnswer } from '../domain/questions.ts';
import { voteOnReview } from '../domain/votes.ts';
import {
  by,
  GUEST,
  type OpenRoom,
  openReviewsRoom,
  product,
  someone,
  staff,
  written,
} from './reviews-room.ts';

const ENTITIES = (on: string, fields: string) =>
  `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${on} { ${fields} } } }`;
const PRODUCT_PAGE = `rating { average count histogram { stars count } }
  reviews(first: 5, sort: MOST_HELPFUL) { nodes { id stars title body isVerifiedPurchase helpfulCount createdAt author { id } } }
  questions(first: 3) { nodes { id body answers(first: 1) { nodes { id body isFromShop } } } }`;

withMongodb('Reading', () => {
  let room: OpenRoom;
  const products = Array.from({ length: 20 }, () => newId('prd'));
  const people = Array.from({ length: 6 }, someone);
  const asProducts = (ids: readonly string[]) => ids.map((id) => ({ __typename: 'Product', id }));

  beforeAll(async () => {
    room = await openReviewsRoom();
    for (const [index, productId] of products.entries()) {
      for (const author of people.slice(0, index === 5 ? 6 : (index % 2) + 1)) {
        const review = await written(room, { author, productId, stars: (index % 5) + 1 });
        if (index % 2 === 0) {
          const [voter] = [people[5]!];
          await voteOnReview(room.services, by(voter), voter.userId, {
            reviewId: review._id,
            vote: 'HELPFUL',
          });
        }
      }
      const [asker] = people;
      const asked = await askQuestion(room.services, by(asker!), asker!.userId, {
        productId,
        body: 'Is it any good?',
      });
      if (asked.ok && index % 3 === 0) {
        const questionId = asked.value._id;
        await postAnswer(room.services, by(asker!), asker!.userId, { questionId, body: 'It is.' });
      }
    }
  });
  afterAll(() => room.close());

  test('what a product page shows of one product is three round trips', async () => {
    const answer = await room.ask(GUEST, ENTITIES('Product', PRODUCT_PAGE), {
      r: asProducts(products.slice(5, 6)),
    });
    expect(answer.errors).toBeUndefined();
    expect(answer.data._entities[0].reviews.nodes).toHaveLength(5);
    expect(answer.mongodbRoundTrips).toBe(3);
  });

  test('the same of twenty products is five, each as it would be alone', async () => {
    const query = ENTITIES('Product', PRODUCT_PAGE);
    const all = await room.ask(GUEST, query, { r: asProducts(products) });
    expect(all.mongodbRoundTrips).toBe(5);
    for (const [index, id] of products.entries()) {
      const alone = await room.ask(GUEST, query, { r: asProducts([id]) });
      expect(all.data._entities[index]).toEqual(alone.data._entities[0]);
    }
  });

  test('entities are one query a kind, with duplicate, unknown and malformed keys', async () => {
    const { reviews, questions } = room.services.stores;
    const reviewIds = (await reviews.find().limit(3).toArray()).map(({ _id }) => _id);
    const questionIds = (await questions.find().limit(2).toArray()).map(({ _id }) => _id);
    const r = [
      ...[...reviewIds, reviewIds[0], newId('rev'), 'nonsense'].map((id) => ({ __typename: 'Review', id })),
      ...[...questionIds, newId('rev')].map((id) => ({ __typename: 'Question', id })),
      { __typename: 'Product', id: 'usr_1' },
      { __typename: 'User', id: 'nobody' },
    ];
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Review { id stars } ... on Question { id } ... on Product { id } } }`;
    const { data, errors, mongodbRoundTrips } = await room.ask(GUEST, query, { r });
    expect(errors).toBeUndefined();
    const ids = data._entities.map((entity: { id: string } | null) => entity?.id ?? null);
    expect(ids).toEqual([...reviewIds, reviewIds[0], null, null, ...questionIds, null, null, null]);
    expect(mongodbRoundTrips).toBe(2);
  });

  test('ratings of twenty products and reviews of six people are one query each', async () => {
    const rated = await room.ask(GUEST, ENTITIES('Product', 'rating { average count }'), {
      r: asProducts(products),
    });
    expect(rated.mongodbRoundTrips).toBe(1);
    const r = people.slice(0, 1).map(({ userId: id }) => ({ __typename: 'User', id }));
    const fields = 'reviews(first: 3) { totalCount nodes { id } }';
    const mine = await room.ask(GUEST, ENTITIES('User', fields), { r });
    expect(mine.data._entities[0].reviews).toMatchObject({ totalCount: 20 });
    expect(mine.mongodbRoundTrips).toBe(2);
  });

  test('a product that nobody reviewed has a rating of nothing', async () => {
    const { data } = await room.ask(
      GUEST,
      ENTITIES('Product', `${PRODUCT_PAGE} viewerReview { id } viewerHasBought`),
      {
        r: asProducts([newId('prd')]),
      },
    );
    expect(data._entities[0]).toMatchObject({
      rating: { average: null, count: 0 },
      reviews: { nodes: [] },
      questions: { nodes: [] },
      viewerReview: null,
      viewerHasBought: null,
    });
  });

  test('others see what somebody published; they themselves and staff see everything', async () => {
    const [ada, productId] = [someone(), await product(room)];
    await written(room, { author: ada });
    const held = await written(room, {
      author: ada,
      productId,
      body: 'The casino of all reviews, and a good one.',
    });
    const r = [{ __typename: 'User', id: ada.userId }];
    const count = async (viewer: typeof GUEST) => {
      const { data } = await room.ask(viewer, ENTITIES('User', 'reviews { totalCount nodes { id } }'), { r });
      expect(data._entities[0].reviews.nodes).toHaveLength(data._entities[0].reviews.totalCount);
      return data._entities[0].reviews.totalCount;
    };
    expect([await count(GUEST), await count(someone()), await count(ada), await count(staff())]).toEqual([
      1, 1, 2, 2,
    ]);
    const own = await room.ask(
      ada,
      ENTITIES('Product', 'viewerReview { id state } reviews { nodes { id } }'),
      {
        r: asProducts([productId]),
      },
    );
    expect(own.data._entities[0]).toEqual({
      viewerReview: { id: held._id, state: 'PENDING' },
      reviews: { nodes: [] },
    });
    const { data } = await room.ask(ada, '{ viewer { id reviews(last: 1) { nodes { id } } } }');
    expect(data.viewer.reviews.nodes).toHaveLength(1);
    expect((await room.ask(GUEST, '{ viewer { id } }')).data.viewer).toBeNull();
  });

  describe('a list', () => {
    const productId = newId('prd');
    const sorts = ['MOST_HELPFUL', 'NEWEST', 'HIGHEST', 'LOWEST'] as const;
    const page = async (args: string) => {
      const fields = `reviews(${args}) { totalCount nodes { id stars helpfulCount createdAt }
        edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;
      const { data, errors } = await room.ask(GUEST, ENTITIES('Product', fields), {
        r: asProducts([productId]),
      });
      if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions);
      return data._entities[0].reviews;
    };

    beforeAll(async () => {
      // Few different values, so that most pages end between equals.
      for (let index = 0; index < 17; index++) {
        const { _id: reviewId } = await written(room, { productId, stars: (index % 3) + 2 });
        for (const voter of people.slice(0, index % 3)) {
          await voteOnReview(room.services, by(voter), voter.userId, { reviewId, vote: 'HELPFUL' });
        }
      }
    });

    test('has each review once, in the same order, whatever the sort, size and direction of its pages', async () => {
      const whole = new Map<string, string[]>();
      for (const sort of sorts) {
        const { nodes } = await page(`first: 100, sort: ${sort}`);
        whole.set(
          sort,
          nodes.map(({ id }: { id: string }) => id),
        );
      }
      const property = fc.asyncProperty(
        fc.constantFrom(...sorts),
        fc.integer({ min: 1, max: 18 }),
        fc.boolean(),
        async (sort, size, backward) => {
          const seen: string[] = [];
          let cursor: string | null = null;
          do {
            const place: string = cursor === null ? '' : `, ${backward ? 'before' : 'after'}: "${cursor}"`;
            const part = await page(`${backward ? 'last' : 'first'}: ${size}, sort: ${sort}${place}`);
            const ids = part.nodes.map(({ id }: { id: string }) => id);
            if (backward) seen.unshift(...ids);
            else seen.push(...ids);
            const { hasNextPage, hasPreviousPage, startCursor, endCursor } = part.pageInfo;
            cursor = backward ? (hasPreviousPage ? startCursor : null) : hasNextPage ? endCursor : null;
          } while (cursor !== null);
          expect(seen).toEqual(whole.get(sort));
        },
      );
      await fc.assert(property, { numRuns: process.env.SOUK_LONG_TESTS ? 25 : 8 });
      expect(whole.get('NEWEST')).toHaveLength(17);
    });

    test('is sorted as it says', async () => {
      const stars = async (sort: string) =>
        (await page(`first: 100, sort: ${sort}`)).nodes.map((node: { stars: number }) => node.stars);
      const highest = await stars('HIGHEST');
      expect(highest).toEqual([...highest].sort((a, b) => b - a));
      const lowest = await stars('LOWEST');
      expect(lowest).toEqual([...lowest].sort((a, b) => a - b));
      const helpful = (await page('first: 100')).nodes.map(
        (node: { helpfulCount: number }) => node.helpfulCount,
      );
      expect(helpful).toEqual([...helpful].sort((a, b) => b - a));
    });

    test('is narrowed, and its count with it', async () => {
      expect(await page('first: 1')).toMatchObject({ totalCount: 17 });
      const narrow = await page('first: 3, filter: { stars: [2] }');
      expect(narrow.totalCount).toBe(6);
      expect(narrow.nodes.every(({ stars }: { stars: number }) => stars === 2)).toBe(true);
      expect(await page('first: 3, filter: { verifiedOnly: true }')).toMatchObject({
        totalCount: 0,
        nodes: [],
      });
      expect(await page('first: 3, filter: { withMedia: true }')).toMatchObject({ totalCount: 0 });
    });

    test('refuses sizes and stars out of range and cursors that are not its own, and says why', async () => {
      const { pageInfo } = await page('first: 1, sort: NEWEST');
      const refusals: [string, RegExp][] = [
        ['first: 0', /from 1 to 100/],
        ['first: -1', /from 1 to 100/],
        ['first: 101', /from 1 to 100/],
        ['first: 1, last: 1', /cannot be used together/],
        ['first: 1, filter: { stars: [5, 6] }', /takes 1 to 5, not 6/],
        [`first: 1, sort: HIGHEST, after: "${pageInfo.endCursor}"`, /another list/],
        [`first: 1, sort: NEWEST, after: "${pageInfo.endCursor.slice(0, -2)}AA"`, /damaged|page cursor/],
      ];
      for (const [args, message] of refusals) {
        await expect(page(args)).rejects.toThrow(message);
        await expect(page(args)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      }
    });
  });

  test('an id of another type is told apart', async () => {
    const { errors } = await room.ask(GUEST, `{ review(id: "${newId('prd')}") { id } }`);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'id' } });
    expect((await room.ask(GUEST, `{ review(id: "${newId('rev')}") { id } }`)).data.review).toBeNull();
  });
});
