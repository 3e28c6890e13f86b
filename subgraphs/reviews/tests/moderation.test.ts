/** What is held back, who sees it meanwhile, and what staff decide. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Viewer } from '@souk/kit/auth/viewer';
import { withMongodb } from '@souk/kit/tests/stores';
import { newId } from '@souk/kit/values/ids';
import { postAnswer } from '../domain/questions.ts';
import { recordPurchases } from '../domain/told-by-others.ts';
import { submitReview } from '../domain/write-review.ts';
import {
  by,
  codesOf,
  GUEST,
  type OpenRoom,
  openReviewsRoom,
  product,
  someone,
  staff,
  WORDS,
  written,
} from './reviews-room.ts';

const ERRORS = 'userErrors { kind code field message }';
const REVIEW = `query ($id: ID!) { review(id: $id) { id state rejectionReason reportCount reply { body author { id } repliedAt } } }`;
const QUEUE = `query ($filter: ModerationFilter, $first: Int, $after: String, $last: Int, $before: String) {
  moderationQueue(filter: $filter, first: $first, after: $after, last: $last, before: $before) { totalCount
    nodes { id reasons reportCount queuedAt subject { __typename ... on Review { id version } ... on Question { id } } }
    pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } }`;
const MODERATE = `mutation ($input: ReviewModerateInput!) { reviewModerate(input: $input) {
  review { id state version rejectionReason reportCount } ${ERRORS} } }`;
const REPORT = `mutation ($input: ReviewReportInput!) { reviewReport(input: $input) { review { id } ${ERRORS} } }`;
const REPLY = `mutation ($input: ReviewReplySetInput!) { reviewReplySet(input: $input) { review { version reply { body } } ${ERRORS} } }`;
const UPDATE = `mutation ($input: ReviewUpdateInput!) { reviewUpdate(input: $input) { review { state version } ${ERRORS} } }`;
const ASK = `mutation ($input: QuestionAskInput!) { questionAsk(input: $input) { question { id state } ${ERRORS} } }`;
const DECIDE = `mutation ($input: QuestionModerateInput!) { questionModerate(input: $input) { question { id state answerCount } ${ERRORS} } }`;

withMongodb('Moderation', () => {
  let room: OpenRoom;
  const moderator = staff();
  beforeAll(async () => {
    room = await openReviewsRoom();
  });
  afterAll(() => room.close());

  const queueOf = async (filter: object = {}, page: object = {}) => {
    const { data, errors } = await room.ask(moderator, QUEUE, { filter, ...page });
    if (errors) throw new Error(JSON.stringify(errors));
    return data.moderationQueue;
  };
  const moderate = async (input: object) =>
    (await room.ask(moderator, MODERATE, { input })).data.reviewModerate;
  const seen = async (viewer: Viewer, id: string) => (await room.ask(viewer, REVIEW, { id })).data.review;

  test('a held review is seen by its author and staff alone, and counts only once it is published', async () => {
    const [author, productId] = [someone(), await product(room)];
    const held = await written(room, {
      author,
      productId,
      body: 'Win FREE money, write to me@shop.example.com',
    });
    expect(held.state).toBe('PENDING');
    expect(await seen(GUEST, held._id)).toBeNull();
    expect(await seen(someone(), held._id)).toBeNull();
    expect(await seen(author, held._id)).toMatchObject({ state: 'PENDING', reportCount: null });
    expect(await seen(moderator, held._id)).toMatchObject({ state: 'PENDING', reportCount: 0 });
    const queue = await queueOf({ productId });
    expect(queue).toMatchObject({
      totalCount: 1,
      nodes: [{ reasons: ['BLOCKED_WORD', 'LINK'], subject: { __typename: 'Review', id: held._id } }],
    });
    expect(await room.services.stores.products.findOne({ _id: productId })).toMatchObject({
      stars: {},
      events: [],
    });
    const done = await moderate({ reviewId: held._id, expectedVersion: 1, decision: 'PUBLISH' });
    expect(done.review).toMatchObject({ state: 'PUBLISHED', version: 2 });
    expect(await seen(GUEST, held._id)).toMatchObject({ state: 'PUBLISHED' });
    expect(await room.services.stores.products.findOne({ _id: productId })).toMatchObject({
      stars: { 4: 1 },
    });
    expect((await queueOf({ productId })).totalCount).toBe(0);
  });

  test('a rejection says why, and is not washed off by an edit', async () => {
    const author = someone();
    const { _id: reviewId } = await written(room, { author });
    expect(await moderate({ reviewId, expectedVersion: 1, decision: 'REJECT' })).toMatchObject({
      userErrors: [{ code: 'REASON_REQUIRED', field: ['reason'] }],
    });
    const rejected = await moderate({
      reviewId,
      expectedVersion: 1,
      decision: 'REJECT',
      reason: 'Insults the maker',
    });
    expect(rejected.review).toMatchObject({ state: 'REJECTED', rejectionReason: 'Insults the maker' });
    expect(await seen(author, reviewId)).toMatchObject({ rejectionReason: 'Insults the maker' });
    expect(await seen(someone(), reviewId)).toBeNull();
    const edited = await room.ask(author, UPDATE, {
      input: { reviewId, expectedVersion: 2, body: `${WORDS} Sorry.` },
    });
    expect(edited.data.reviewUpdate.review).toEqual({ state: 'PENDING', version: 3 });
    const published = await moderate({ reviewId, expectedVersion: 3, decision: 'PUBLISH' });
    expect(published.review).toMatchObject({ state: 'PUBLISHED', rejectionReason: null });
  });

  test('a decision about an older version, or about what was taken back, is refused', async () => {
    const author = someone();
    const { _id: reviewId } = await written(room, { author });
    const decision = { reviewId, expectedVersion: 7, decision: 'PUBLISH' };
    expect(await moderate(decision)).toMatchObject({ userErrors: [{ code: 'VERSION_CONFLICT' }] });
    await room.ask(author, `mutation { reviewDelete(input: { reviewId: "${reviewId}" }) { review { id } } }`);
    expect(await moderate(decision)).toMatchObject({ userErrors: [{ code: 'REVIEW_NOT_FOUND' }] });
  });

  test('the fifth report hides a review until staff settle the reports', async () => {
    const productId = await product(room);
    const { _id: reviewId } = await written(room, { productId });
    const report = async (viewer: Viewer, comment = 'Look at it') =>
      (await room.ask(viewer, REPORT, { input: { reviewId, reason: 'FAKE', comment } })).data.reviewReport;
    const first = someone();
    expect(await report(first)).toEqual({ review: { id: reviewId }, userErrors: [] });
    expect(await report(first)).toMatchObject({
      userErrors: [{ kind: 'CONFLICT', code: 'ALREADY_REPORTED' }],
    });
    expect(await report(someone(), 'x'.repeat(1_001))).toMatchObject({
      userErrors: [{ code: 'TEXT_LENGTH_INVALID' }],
    });
    expect(await queueOf({ productId })).toMatchObject({
      nodes: [{ reasons: ['REPORTED'], reportCount: 1 }],
    });
    for (let more = 0; more < 3; more++) await report(someone());
    expect(await seen(GUEST, reviewId)).toMatchObject({ state: 'PUBLISHED' });
    expect(await report(someone())).toEqual({ review: null, userErrors: [] });
    expect(await seen(GUEST, reviewId)).toBeNull();
    expect(await report(someone())).toMatchObject({ userErrors: [{ code: 'REVIEW_NOT_FOUND' }] });
    expect(await report(staff())).toMatchObject({ review: { id: reviewId } });
    const settled = await moderate({ reviewId, expectedVersion: 2, decision: 'PUBLISH' });
    expect(settled.review).toMatchObject({ state: 'PUBLISHED', reportCount: 0 });
    expect(await report(someone())).toMatchObject({ review: { id: reviewId } });
  });

  test('nobody reports their own review, and an edit does not settle reports', async () => {
    const author = someone();
    const { _id: reviewId } = await written(room, { author });
    const input = { reviewId, reason: 'SPAM' };
    expect((await room.ask(author, REPORT, { input })).data.reviewReport.userErrors).toMatchObject([
      { kind: 'FORBIDDEN', code: 'OWN_CONTENT' },
    ]);
    await room.ask(someone(), REPORT, { input });
    await room.ask(author, UPDATE, { input: { reviewId, expectedVersion: 1, stars: 5 } });
    const { queue, state } = (await room.services.stores.reviews.findOne({ _id: reviewId }))!;
    expect([state, queue?.reasons]).toEqual(['PUBLISHED', ['REPORTED']]);
    const rejected = { reviewId, expectedVersion: 2, decision: 'REJECT', reason: 'Advertising' };
    await moderate(rejected);
    await room.ask(staff(), REPORT, { input });
    expect((await room.services.stores.reviews.findOne({ _id: reviewId }))!.queue).toBeNull();
  });

  test('a newcomer waits, unless they bought the product or were published before', async () => {
    room.rules.holdsFirstPosts = true;
    const [newcomer, buyer, productId] = [someone(), someone(), await product(room)];
    const first = await written(room, { author: newcomer, productId });
    expect(first.queue?.reasons).toEqual(['FIRST_POST']);
    await recordPurchases(room.services, [{ userId: buyer.userId, productId, deliveredAt: new Date() }]);
    expect((await written(room, { author: buyer, productId })).state).toBe('PUBLISHED');
    await moderate({ reviewId: first._id, expectedVersion: 1, decision: 'PUBLISH' });
    expect((await written(room, { author: newcomer })).state).toBe('PUBLISHED');
    expect((await written(room, { author: staff(), body: 'As on https://shop.example' })).state).toBe(
      'PUBLISHED',
    );
    room.rules.holdsFirstPosts = false;
  });

  test('the shop replies, rewrites and removes; each needs the version at hand', async () => {
    const { _id: reviewId } = await written(room);
    const reply = async (expectedVersion: number, body: string | null) =>
      (await room.ask(moderator, REPLY, { input: { reviewId, expectedVersion, body } })).data.reviewReplySet;
    expect(await reply(1, 'Thank you!')).toMatchObject({
      review: { version: 2, reply: { body: 'Thank you!' } },
    });
    expect(await seen(GUEST, reviewId)).toMatchObject({ reply: { author: { id: moderator.userId } } });
    expect(await reply(1, 'Again')).toMatchObject({ userErrors: [{ code: 'VERSION_CONFLICT' }] });
    expect(await reply(2, 'x')).toMatchObject({ userErrors: [{ code: 'TEXT_LENGTH_INVALID' }] });
    expect(await reply(2, null)).toMatchObject({ review: { version: 3, reply: null } });
  });

  test('questions wait as reviews do, and are decided with all their answers', async () => {
    const [asker, productId] = [someone(), await product(room)];
    const asked = await room.ask(asker, ASK, { input: { productId, body: 'Cheaper at www.shop.example?' } });
    const { id: questionId, state } = asked.data.questionAsk.question;
    expect(state).toBe('PENDING');
    const stranger = someone();
    const refused = await postAnswer(room.services, by(stranger), stranger.userId, {
      questionId,
      body: 'No.',
    });
    expect(codesOf(refused)).toEqual(['QUESTION_NOT_FOUND']);
    const decide = async (input: object) =>
      (await room.ask(moderator, DECIDE, { input })).data.questionModerate;
    expect(await decide({ questionId, decision: 'PUBLISH' })).toMatchObject({
      question: { state: 'PUBLISHED' },
    });
    await postAnswer(room.services, by(stranger), stranger.userId, {
      questionId,
      body: 'Try the casino instead.',
    });
    expect(await queueOf({ productId })).toMatchObject({
      nodes: [{ reasons: ['BLOCKED_WORD'], subject: { __typename: 'Question', id: questionId } }],
    });
    const [question] = await room.services.stores.questions.find({ _id: questionId }).toArray();
    expect([question!.state, question!.answers[0]!.state]).toEqual(['PUBLISHED', 'PENDING']);
    expect(await decide({ questionId, decision: 'REJECT' })).toMatchObject({
      userErrors: [{ code: 'REASON_REQUIRED' }],
    });
    expect(await decide({ questionId, decision: 'REJECT', reason: 'Advertising' })).toMatchObject({
      question: { state: 'REJECTED', answerCount: 0 },
    });
    expect(await decide({ questionId, decision: 'PUBLISH' })).toMatchObject({ question: { answerCount: 1 } });
    expect(await decide({ questionId: newId('qst'), decision: 'PUBLISH' })).toMatchObject({
      userErrors: [{ code: 'QUESTION_NOT_FOUND' }],
    });
  });

  test('the queue is most reported first, then oldest, over both kinds and page by page', async () => {
    await room.services.stores.reviews.deleteMany({});
    await room.services.stores.questions.deleteMany({});
    const expected: string[] = [];
    for (let index = 0; index < 4; index++) {
      const review = await written(room, { body: `Number ${index} of the casino reviews here.` });
      const asker = someone();
      const input = { productId: await product(room), body: 'Is the casino included?' };
      const asked = await room.ask(asker, ASK, { input });
      expected.push(review._id, asked.data.questionAsk.question.id);
      room.pass(1_000);
    }
    const reported = await written(room);
    await room.ask(someone(), REPORT, { input: { reviewId: reported._id, reason: 'SPAM' } });
    expected.unshift(reported._id);
    const idsOf = (page: { nodes: { subject: { id: string } }[] }) =>
      page.nodes.map(({ subject }) => subject.id);
    const forward: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof queueOf>> = await queueOf({}, { first: 4, after });
      forward.push(...idsOf(page));
      expect(page.totalCount).toBe(9);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(forward).toEqual(expected);
    const last = await queueOf({}, { last: 3 });
    expect(idsOf(last)).toEqual(expected.slice(-3));
    expect(idsOf(await queueOf({}, { last: 3, before: last.pageInfo.startCursor }))).toEqual(
      expected.slice(3, 6),
    );
    expect(idsOf(await queueOf({ reasons: ['REPORTED'] }))).toEqual([reported._id]);
  });

  test('the queue and its decisions are for staff', async () => {
    const code = async (viewer: Viewer, query: string, variables: object) =>
      (await room.ask(viewer, query, { ...variables })).errors?.[0]?.extensions.code;
    expect(await code(GUEST, QUEUE, {})).toBe('UNAUTHENTICATED');
    expect(await code(someone(), QUEUE, {})).toBe('FORBIDDEN');
    const input = { reviewId: newId('rev'), expectedVersion: 1, decision: 'PUBLISH' };
    expect(await code(someone(), MODERATE, { input })).toBe('FORBIDDEN');
  });

  test('each change is told inside the document that it changed, without texts', async () => {
    const [author, productId] = [someone(), await product(room)];
    const typed = { productId, stars: 4, title: 'Secret', body: WORDS };
    const outcome = await submitReview(room.services, by(author), author.userId, typed);
    if (!outcome.ok) throw new Error('refused');
    await moderate({
      reviewId: outcome.value._id,
      expectedVersion: 1,
      decision: 'REJECT',
      reason: 'No reason',
    });
    const { events } = (await room.services.stores.reviews.findOne({ _id: outcome.value._id }))!;
    expect(events.map(({ type }) => type)).toEqual(['reviews.review.published', 'reviews.review.hidden']);
    expect(events[0]).toMatchObject({ version: 1, requestId: 'test-request' });
    expect(JSON.stringify(events)).not.toMatch(/Secret|Well made/);
    expect(await room.services.stores.products.findOne({ _id: productId })).toMatchObject({
      events: [{ type: 'reviews.rating.changed', data: { productId } }],
    });
  });
});
