/** Every command that the room's operations send is explained: none may read a whole collection or sort by hand. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withMongodb } from '@souk/kit/tests/stores';
import { newId } from '@souk/kit/values/ids';
import { moderateReview, reportReview, setReply } from '../domain/moderate-review.ts';
import { createPrivacyDuties } from '../domain/privacy.ts';
import { askQuestion, moderateQuestion, postAnswer } from '../domain/questions.ts';
import { recount, recountDue } from '../domain/recounting.ts';
import { archiveProduct, recordPurchases } from '../domain/told-by-others.ts';
import { voteOnAnswer, voteOnReview } from '../domain/votes.ts';
import { updateReviewContent, withdrawReview } from '../domain/write-review.ts';
import { INDEXES } from '../store/collections.ts';
import { by, type OpenRoom, openReviewsRoom, someone, staff, told, WORDS, written } from './reviews-room.ts';

type Command = Record<string, unknown>;

const READS = ['find', 'aggregate', 'count', 'distinct', 'findAndModify'];
/** Of the driver and its session; explain takes none of them. */
const ENVELOPE = ['lsid', 'txnNumber', '$db', '$clusterTime', '$readPreference', 'apiVersion'];

withMongodb('Every query', () => {
  let room: OpenRoom;
  beforeAll(async () => {
    room = await openReviewsRoom();
  });
  afterAll(() => room.close());

  test('is served by an index', async () => {
    const [ada, ben, shop] = [someone(), someone(), staff()];
    const products = Array.from({ length: 4 }, () => newId('prd'));
    for (const productId of products) {
      for (let stars = 1; stars <= 5; stars++) await written(room, { productId, stars });
    }
    const review = await written(room, { author: ada, productId: products[0]! });
    room.commands.length = 0;
    await runEverything(ada, ben, shop, products, review._id);
    const commands = room.commands.flatMap(explainable);
    // Should the recording break, nothing would be checked at all.
    expect(new Set(commands.map((command) => Object.keys(command)[0]))).toEqual(
      new Set(['find', 'aggregate', 'findAndModify', 'update', 'delete']),
    );
    expect(commands.length).toBeGreaterThan(60);
    const faults: string[] = [];
    for (const command of commands) {
      const plan = await planOf(command);
      const told = JSON.stringify(command).slice(0, 400);
      if (plan.includes('COLLSCAN')) faults.push(`reads everything: ${told}`);
      // Of a handful of documents any plan is good; there must be one that scales.
      if (plan.includes('"SORT"') && !(await isInOrderByAnIndex(command))) {
        faults.push(`no index has this order: ${told}`);
      }
    }
    expect([...new Set(faults)]).toEqual([]);
  });

  async function planOf(command: Command): Promise<string> {
    const told = await room.db.command({ explain: command, verbosity: 'queryPlanner' });
    const planner = told.queryPlanner ?? told.stages[0].$cursor.queryPlanner;
    return JSON.stringify(planner.winningPlan);
  }

  async function isInOrderByAnIndex(command: Command): Promise<boolean> {
    const collection = String(Object.values(command)[0]);
    for (const { name: hint } of INDEXES[collection] ?? []) {
      try {
        const plan = await planOf({ ...command, hint });
        if (!plan.includes('"SORT"') && !plan.includes('COLLSCAN')) return true;
      } catch {
        // A partial index that does not have all that is asked for.
      }
    }
    return false;
  }

  /** A batch of writes is explained one by one. */
  function explainable(sent: Command): Command[] {
    const [name] = Object.keys(sent);
    const command = Object.fromEntries(Object.entries(sent).filter(([key]) => !ENVELOPE.includes(key)));
    if (READS.includes(name!)) return [command];
    if (name === 'update')
      return (command.updates as unknown[]).map((update) => ({ update: command.update, updates: [update] }));
    if (name === 'delete')
      return (command.deletes as unknown[]).map((each) => ({ delete: command.delete, deletes: [each] }));
    return [];
  }

  async function runEverything(
    ada: ReturnType<typeof someone>,
    ben: ReturnType<typeof someone>,
    shop: ReturnType<typeof staff>,
    products: string[],
    reviewId: string,
  ): Promise<void> {
    const { services } = room;
    const [productId] = products;
    const asked = await askQuestion(services, by(ben), ben.userId, {
      productId: productId!,
      body: 'Is it any good?',
    });
    if (!asked.ok) throw new Error('not asked');
    const questionId = asked.value._id;
    const answered = await postAnswer(services, by(ada), ada.userId, { questionId, body: 'It is.' });
    if (!answered.ok) throw new Error('not answered');
    await recordPurchases(services, [{ userId: ada.userId, productId: productId!, deliveredAt: new Date() }]);

    const list = `pageInfo { endCursor startCursor } totalCount nodes { id viewerVote }`;
    const pages = (filter: string) =>
      ['MOST_HELPFUL', 'NEWEST', 'HIGHEST', 'LOWEST'].map(
        (sort) =>
          `${sort}: reviews(first: 2, sort: ${sort} ${filter}) { ${list} } ${sort}_B: reviews(last: 2, sort: ${sort} ${filter}) { ${list} }`,
      );
    const entities = async (fields: string, owners: object[]) => {
      const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { ${fields} } } }`;
      const { data, errors } = await room.ask(ada, query, { r: owners });
      if (errors) throw new Error(JSON.stringify(errors));
      return data._entities;
    };
    const one = [{ __typename: 'Product', id: productId }];
    const many = products.map((id) => ({ __typename: 'Product', id }));
    for (const owners of [one, many]) {
      await entities(
        `rating { count } viewerReview { id } viewerHasBought questions(first: 2) { nodes { id answerCount } }`,
        owners,
      );
      for (const filter of ['', ', filter: { stars: [4, 5], verifiedOnly: true, withMedia: true }']) {
        const [first] = await entities(pages(filter).join(' '), owners);
        if (filter !== '') continue;
        for (const sort of ['MOST_HELPFUL', 'NEWEST', 'HIGHEST', 'LOWEST']) {
          const after = first[sort].pageInfo.endCursor;
          await entities(`reviews(first: 2, sort: ${sort}, after: "${after}") { ${list} }`, owners);
          await entities(`reviews(last: 2, sort: ${sort}, before: "${after}") { ${list} }`, owners);
        }
      }
    }
    const people = [ada, ben, shop].map(({ userId: id }) => ({ __typename: 'User', id }));
    for (const viewer of [ada, shop]) {
      for (const owners of [people, people.slice(0, 1)]) {
        await room.ask(
          viewer,
          `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { reviews(first: 2) { totalCount nodes { id } } } } }`,
          { r: owners },
        );
      }
    }
    const refs = [
      { __typename: 'Review', id: reviewId },
      { __typename: 'Question', id: questionId },
    ];
    await room.ask(ada, `query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }`, {
      r: refs,
    });
    const queue = `moderationQueue(first: 1) { totalCount nodes { id } pageInfo { endCursor } }`;
    await reportReview(services, by(ben), ben.userId, { reviewId, reason: 'FAKE' });
    const { data } = await room.ask(shop, `{ ${queue} }`);
    const after = data.moderationQueue.pageInfo.endCursor;
    await room.ask(
      shop,
      `{ moderationQueue(last: 1, before: "${after}", filter: { reasons: [REPORTED], productId: "${productId}" }) { totalCount nodes { id } } }`,
    );

    await voteOnReview(services, by(ben), ben.userId, { reviewId, vote: 'HELPFUL' });
    await voteOnReview(services, by(ben), ben.userId, { reviewId, vote: 'NONE' });
    await voteOnAnswer(services, by(ben), ben.userId, {
      answerId: answered.value.answer.id,
      vote: 'HELPFUL',
    });
    await setReply(services, by(shop), { reviewId, expectedVersion: 1, body: 'Thank you' });
    await updateReviewContent(services, by(ada), { reviewId, expectedVersion: 2, body: `${WORDS} Still.` });
    await moderateReview(services, by(shop), { reviewId, expectedVersion: 3, decision: 'PUBLISH' });
    await moderateQuestion(services, by(shop), { questionId, decision: 'PUBLISH' });
    await recount(services, 'RATING', productId!);
    await recount(services, 'REVIEW_VOTES', reviewId);
    await recount(services, 'ANSWER_VOTES', answered.value.answer.id);
    await services.stores.recounts.insertOne({
      _id: newId('rct'),
      kind: 'RATING',
      subjectId: productId!,
      dueAt: new Date(0),
    });
    room.commands.splice(-1);
    await recountDue(services);
    await archiveProduct(services, told(products[3]!));
    const duties = createPrivacyDuties(services);
    await duties.exportUser(ada.userId);
    await withdrawReview(services, by(ada), reviewId);
    await duties.eraseUser(ada.userId);
    await duties.eraseUser(ben.userId);
  }
});
