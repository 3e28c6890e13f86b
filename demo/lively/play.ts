/**
 * What the simulated people do, one thing at a time. The shop does not grow for ever: one that wrote much takes the
 * oldest back, nobody reviews a product twice, and edits go to and fro.
 */
import type { Viewer } from '@souk/kit/viewer';
import type { Random } from '../random.ts';
import { moods } from '../review-texts.ts';
import type { Ask, Stage, StagedProduct } from './stage.ts';

export interface Play {
  ask: Ask;
  stage: Stage;
  random: Random;
  /** Reviews of this run that everybody reads, the oldest first; and those that wait for the moderator. */
  published: OwnReview[];
  waiting: OwnReview[];
  questions: { id: string; isHidden: boolean }[];
}

export type Act = (play: Play) => Promise<void>;

interface OwnReview {
  id: string;
  version: number;
  author: Viewer;
}

const MAX_PUBLISHED = 24;
const MAX_WAITING = 5;
const MAX_QUESTIONS = 12;
/** One review in so many has a link in it, and is held back until the moderator has read it. */
const LINK_IN = 6;
const EDITORS_NOTE = '\n\nChecked by hand before it leaves the house.';

const STARS = [
  [5, 50],
  [4, 28],
  [3, 12],
  [2, 6],
  [1, 4],
] as const;

const writeReview: Act = async (play) => {
  if (play.published.length >= MAX_PUBLISHED) return takeBack(play);
  if (play.waiting.length >= MAX_WAITING) return moderate(play);
  const { random, stage } = play;
  const author = random.pick(stage.shoppers);
  const { id: productId, title } = productOf(play);
  const { stars, body, ...words } = wordsOf(play, title);
  const hasLink = random.integer(LINK_IN) === 0;
  const input = {
    productId,
    stars,
    ...words,
    body: hasLink ? `${body} More of mine: https://finds.example/${stars}` : body,
  };
  const { review } = await submit(play, author, 'reviewSubmit', 'review { id state version }', input);
  if (review) remember(play, { ...review, author });
};

const editReview: Act = async (play) => {
  const own = play.published.splice(play.random.integer(play.published.length), 1)[0];
  if (!own) return writeReview(play);
  const { stars, body } = wordsOf(play, 'thing');
  const input = { reviewId: own.id, expectedVersion: own.version, stars, body };
  const { review } = await submit(play, own.author, 'reviewUpdate', 'review { id state version }', input);
  // What somebody else has changed meanwhile is left to them.
  if (review) remember(play, { ...review, author: own.author });
};

const takeBack: Act = async (play) => {
  const oldest = play.published.shift();
  if (oldest) await submit(play, oldest.author, 'reviewDelete', 'review { id }', { reviewId: oldest.id });
};

const moderate: Act = async (play) => {
  const held = play.waiting.shift();
  if (!held) return;
  const decision =
    play.random.integer(2) === 0
      ? { decision: 'PUBLISH' }
      : { decision: 'REJECT', reason: 'No links, please.' };
  const input = { reviewId: held.id, expectedVersion: held.version, ...decision };
  const { moderator } = play.stage;
  const { review } = await submit(play, moderator, 'reviewModerate', 'review { id state version }', input);
  if (review?.state === 'PUBLISHED') play.published.push({ ...review, author: held.author });
};

const vote: Act = async (play) => {
  const { random, stage, published } = play;
  if (published.length === 0) return writeReview(play);
  const input = { reviewId: random.pick(published).id, vote: random.pick(['HELPFUL', 'UNHELPFUL', 'NONE']) };
  await submit(play, random.pick(stage.shoppers), 'reviewVote', 'review { id }', input);
};

/** Later on, questions that there are go and come back. */
const askQuestion: Act = async (play) => {
  const { random, stage, questions } = play;
  if (questions.length < MAX_QUESTIONS) {
    const { id: productId, title } = productOf(play);
    const body = `Is the ${title} something for a small flat?`;
    const author = random.pick(stage.shoppers);
    const { question } = await submit(play, author, 'questionAsk', 'question { id state }', {
      productId,
      body,
    });
    if (question) questions.push({ id: question.id, isHidden: question.state !== 'PUBLISHED' });
    return;
  }
  const { id, isHidden } = questions.shift()!;
  const decision = isHidden ? { decision: 'PUBLISH' } : { decision: 'REJECT', reason: 'Asked before.' };
  const { moderator } = stage;
  await submit(play, moderator, 'questionModerate', 'question { id }', { questionId: id, ...decision });
  questions.push({ id, isHidden: !isHidden });
};

const editProduct: Act = async (play) => {
  const { editor } = play.stage;
  const { id: productId } = productOf(play);
  const { product } = await play.ask<{ product: { version: number; description: string } | null }>(
    'catalog',
    editor,
    'query ($id: ID!) { product(id: $id) { version description } }',
    { id: productId },
  );
  if (!product) return;
  const description = product.description.endsWith(EDITORS_NOTE)
    ? product.description.slice(0, -EDITORS_NOTE.length)
    : product.description + EDITORS_NOTE;
  const input = { productId, expectedVersion: product.version, description };
  await submit(play, editor, 'productUpdate', 'product { id }', input, 'catalog');
};

/** By how often they happen. */
export const ACTS: readonly (readonly [Act, number])[] = [
  [writeReview, 6],
  [editReview, 2],
  [takeBack, 1],
  [moderate, 2],
  [vote, 3],
  [askQuestion, 1],
  [editProduct, 4],
];

function remember(play: Play, { id, state, version, author }: OwnReview & { state: string }): void {
  if (state === 'PUBLISHED') play.published.push({ id, version, author });
  if (state === 'PENDING') play.waiting.push({ id, version, author });
}

/** One of three is about the same product, so that whoever follows that one need not wait for long. */
function productOf({ random, stage: { products } }: Play): StagedProduct {
  return random.integer(3) === 0 ? products[0]! : random.pick(products);
}

function wordsOf({ random }: Play, title: string) {
  const stars = random.weighted(STARS);
  const { titles, openings, details, closings } = moods[stars];
  const body = [openings, details, closings].map((sentences) => random.pick(sentences)).join(' ');
  return { stars, title: random.pick(titles), body: body.replaceAll('%', title) };
}

interface Payload {
  review?: { id: string; state: string; version: number } | null;
  question?: { id: string; state: string } | null;
  userErrors: readonly unknown[];
}

/** Empty where it was refused: simulated people take a no for an answer, such as "you have reviewed this already". */
async function submit(
  { ask }: Play,
  viewer: Viewer,
  field: string,
  selection: string,
  input: object,
  room = 'reviews',
): Promise<Partial<Payload>> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const mutation = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} userErrors { message } } }`;
  const data = await ask<Record<string, Payload | null>>(room, viewer, mutation, { input });
  const payload = data[field];
  return payload && payload.userErrors.length === 0 ? payload : {};
}
