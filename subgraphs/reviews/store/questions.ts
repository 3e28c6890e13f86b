import type { Page } from '@souk/kit/lists/connections';
import { ascending, defineOrder, descending } from '@souk/kit/lists/cursors';
import type { OutgoingEvent } from '../events.ts';
import type { Collections } from './collections.ts';
import { type OwnedList, pageOfOwners } from './pages-of-owners.ts';
import type { QuestionDocument, StoredQuestion } from './question-document.ts';
import type { VoteCounts } from './votes.ts';

type Has = Pick<Collections, 'questions'>;

export const LAST_ANSWERED = defineOrder('product.questions', [
  descending('answeredAt', 'instant'),
  descending('_id', 'text'),
]);

/** Over the answers that a question has in it; `helpfulScore` is computed as they are read. */
export const SHOP_THEN_HELPFUL = defineOrder('question.answers', [
  descending('answer.isFromShop', 'boolean'),
  descending('helpfulScore', 'number'),
  ascending('answer.id', 'text'),
]);

const READ = { events: 0 } as const;

export function questionsOfProduct({ questions }: Has): OwnedList<StoredQuestion> {
  return {
    collection: questions,
    order: LAST_ANSWERED,
    owner: 'productId',
    filter: { state: 'PUBLISHED' },
    projection: READ,
  };
}

export async function listQuestions(
  stores: Has,
  productIds: readonly string[],
  page: Page,
): Promise<QuestionDocument[]> {
  return pageOfOwners(questionsOfProduct(stores), productIds, page);
}

export async function findQuestions({ questions }: Has, ids: readonly string[]): Promise<QuestionDocument[]> {
  return questions.find({ _id: { $in: [...ids] } }, { projection: READ }).toArray();
}

export async function findQuestionOfAnswer(
  { questions }: Has,
  answerId: string,
): Promise<QuestionDocument | null> {
  return questions.findOne({ 'answers.id': answerId }, { projection: READ });
}

export async function hasPublishedQuestion({ questions }: Has, authorId: string): Promise<boolean> {
  return (await questions.findOne({ authorId, state: 'PUBLISHED' }, { projection: { _id: 1 } })) !== null;
}

export async function insertQuestions({ questions }: Has, rows: readonly StoredQuestion[]): Promise<void> {
  if (rows.length > 0) await questions.insertMany([...rows], { ordered: false });
}

/** What a write may set beside the answers. */
export type QuestionFields = Partial<
  Pick<
    StoredQuestion,
    'authorId' | 'body' | 'state' | 'rejectionReason' | 'answers' | 'answeredAt' | 'queue' | 'deletedAt'
  >
>;

/** Nothing when somebody wrote it, or voted on an answer in it, since it was read. */
export async function updateQuestion(
  { questions }: Has,
  id: string,
  revision: number,
  fields: QuestionFields,
  events: readonly OutgoingEvent[],
): Promise<QuestionDocument | null> {
  return questions.findOneAndUpdate(
    { _id: id, revision },
    { $set: fields, $inc: { revision: 1 }, $push: { events: { $each: [...events] } } },
    { returnDocument: 'after', projection: READ },
  );
}

/** Raises the revision too, since other writes carry the answers as they read them. */
export async function addToAnswerVotes(
  { questions }: Has,
  answerId: string,
  { helpful, unhelpful }: VoteCounts,
): Promise<QuestionDocument | null> {
  const counters = {
    'answers.$.helpfulCount': helpful,
    'answers.$.unhelpfulCount': unhelpful,
    'answers.$.tally': 1,
  };
  return questions.findOneAndUpdate(
    { 'answers.id': answerId },
    { $inc: { ...counters, revision: 1 } },
    { returnDocument: 'after', projection: READ },
  );
}

/** False when somebody voted since `tally` was read. */
export async function overwriteAnswerVotes(
  { questions }: Has,
  answerId: string,
  tally: number,
  { helpful, unhelpful }: VoteCounts,
): Promise<boolean> {
  const outcome = await questions.updateOne(
    { answers: { $elemMatch: { id: answerId, tally } }, 'answers.id': answerId },
    {
      $set: { 'answers.$.helpfulCount': helpful, 'answers.$.unhelpfulCount': unhelpful },
      $inc: { 'answers.$.tally': 1, revision: 1 },
    },
  );
  return outcome.matchedCount === 1;
}

export async function findQuestionsOfAuthor(
  { questions }: Has,
  authorId: string,
): Promise<QuestionDocument[]> {
  return questions.find({ authorId }, { projection: READ }).toArray();
}

export async function findQuestionsAnsweredBy(
  { questions }: Has,
  authorId: string,
): Promise<QuestionDocument[]> {
  return questions.find({ 'answers.authorId': authorId }, { projection: READ }).toArray();
}

/** Unless its events are still to be told: then it goes with the last of them. */
export async function dropDeletedQuestion({ questions }: Has, id: string): Promise<void> {
  await questions.deleteOne({ _id: id, deletedAt: { $exists: true }, events: [] });
}
