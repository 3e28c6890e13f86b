/** What the simulated people do, one thing at a time. */
import type { Viewer } from '@souk/kit/auth/viewer';
import type { Random } from '../random.ts';
import { moods } from '../review-texts.ts';
import { isFree, isPublished, isWaiting, type Place, type PlacedReview, touch } from './places.ts';
import type { Ask, Stage, StagedProduct } from './stage.ts';

export interface Play {
  ask: Ask;
  stage: Stage;
  random: Random;
  /** Those that were left alone for longest first. */
  places: Place[];
  /** How many questions these people have asked, in this run and before. */
  questions: number;
}

export type Act = (play: Play) => Promise<void>;

/** One that wrote much takes the oldest back, and the moderator keeps up. */
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
  const { places, random } = play;
  if (places.filter(isWaiting).length >= MAX_WAITING) await moderate(play);
  if (places.filter(isPublished).length >= MAX_PUBLISHED || !places.some(isFree)) await takeBack(play);
  const free = places.filter(isFree);
  const { id: wanted } = productOf(play);
  const place = free.find(({ product }) => product.id === wanted) ?? free[0];
  if (!place) return;
  const { author, product, review } = place;
  const words = wordsOf(play, product.title);
  if (random.integer(LINK_IN) === 0) words.body += ` More of mine: https://finds.example/${words.stars}`;
  if (review?.state === 'REJECTED') return rewrite(play, place, review, words);
  await change(play, place, author, 'reviewSubmit', { productId: product.id, ...words });
};

const editReview: Act = async (play) => {
  const published = play.places.filter(isPublished);
  if (published.length === 0) return writeReview(play);
  const place = play.random.pick(published);
  await rewrite(play, place, place.review!, wordsOf(play, place.product.title));
};

const takeBack: Act = async (play) => {
  const oldest = play.places.find(isPublished);
  if (oldest) await change(play, oldest, oldest.author, 'reviewDelete', { reviewId: oldest.review!.id });
};

const moderate: Act = async (play) => {
  const held = play.places.find(isWaiting);
  if (!held) return;
  const decision =
    play.random.integer(3) > 0
      ? { decision: 'PUBLISH' }
      : { decision: 'REJECT', reason: 'No links, please.' };
  const { id: reviewId, version: expectedVersion } = held.review!;
  const input = { reviewId, expectedVersion, ...decision };
  await change(play, held, play.stage.moderator, 'reviewModerate', input);
};

const vote: Act = async (play) => {
  const { places, random, stage } = play;
  const published = places.filter(isPublished);
  if (published.length === 0) return writeReview(play);
  const reviewId = random.pick(published).review!.id;
  const input = { reviewId, vote: random.pick(['HELPFUL', 'UNHELPFUL', 'NONE']) };
  await submit(play, random.pick(stage.shoppers).viewer, 'reviewVote', 'review { id }', input);
};

/** Nobody can take a question back, so there is an end to them. */
const askQuestion: Act = async (play) => {
  if (play.questions >= MAX_QUESTIONS) return vote(play);
  const { id: productId, title } = productOf(play);
  const input = { productId, body: `Is the ${title} something for a small flat?` };
  const author = play.random.pick(play.stage.shoppers).viewer;
  const { question } = await submit(play, author, 'questionAsk', 'question { id }', input);
  if (question) play.questions += 1;
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

/** How often each happens in a round, in whatever order: by chance alone, nothing might be told for a minute. */
const TIMES: readonly (readonly [Act, number])[] = [
  [writeReview, 5],
  [editReview, 2],
  [takeBack, 1],
  [moderate, 2],
  [vote, 3],
  [askQuestion, 1],
  [editProduct, 4],
];
export const ROUND: readonly Act[] = TIMES.flatMap(([act, times]) => Array<Act>(times).fill(act));

/** Changes what stands in a place; where that is refused, what stands there is looked up. */
async function change(play: Play, place: Place, viewer: Viewer, field: string, input: object): Promise<void> {
  const { review } = await submit(play, viewer, field, 'review { id version state }', input);
  await touch(play.ask, play.places, place, review);
}

function rewrite(play: Play, place: Place, { id, version }: PlacedReview, words: object): Promise<void> {
  const input = { reviewId: id, expectedVersion: version, ...words };
  return change(play, place, place.author, 'reviewUpdate', input);
}

/** Every other one is about the same product, so that whoever follows that one need not wait for long. */
function productOf({ random, stage: { products } }: Play): StagedProduct {
  return random.integer(2) === 0 ? products[0]! : random.pick(products);
}

function wordsOf({ random }: Play, title: string) {
  const stars = random.weighted(STARS);
  const { titles, openings, details, closings } = moods[stars];
  const body = [openings, details, closings].map((sentences) => random.pick(sentences)).join(' ');
  return { stars, title: random.pick(titles), body: body.replaceAll('%', title) };
}

interface Payload {
  review?: PlacedReview | null;
  question?: { id: string } | null;
  userErrors: readonly unknown[];
}

/** Empty where it was refused: simulated people take a no for an answer, such as "you can post 20 times an hour". */
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
