/** The 3,000 reviews of the demo shop, five for each product: who wrote what about it, and who found it helpful. */
import { demoPeople } from './people.ts';
import { createRandom, type Random } from './random.ts';
import { moods } from './review-texts.ts';

export interface DemoReview {
  /** Index into the demo people. */
  author: number;
  /** Index into the demo products. */
  product: number;
  stars: 1 | 2 | 3 | 4 | 5;
  title: string;
  body: string;
  /** People who found it helpful, as indices. */
  helpfulTo: number[];
  daysAgo: number;
}

/** On average. */
const REVIEWS_OF_PRODUCT = 5;
const OLDEST_IN_DAYS = 700;

type Stars = DemoReview['stars'];
type Spread = readonly (readonly [Stars, number])[];

/** Most things are liked; some are loved, and a few have a fault that everybody finds. */
const good: Spread = [
  [5, 60],
  [4, 27],
  [3, 8],
  [2, 3],
  [1, 2],
];
const loved: Spread = [
  [5, 82],
  [4, 14],
  [3, 3],
  [2, 1],
];
const faulty: Spread = [
  [5, 12],
  [4, 18],
  [3, 30],
  [2, 24],
  [1, 16],
];

/** `thingOf` tells what a product is in a sentence: “table lamp”. */
export function demoReviews(productCount: number, thingOf: (product: number) => string): DemoReview[] {
  const random = createRandom(2002);
  const reviews: DemoReview[] = [];
  const spreads = Array.from({ length: productCount }, () =>
    random.weighted([
      [good, 80],
      [loved, 12],
      [faulty, 8],
    ] as const),
  );
  const audience = audiences(random, productCount);
  for (let product = 0; product < productCount; product++) {
    for (const author of audience[product]!) {
      const stars = random.weighted(spreads[product]!);
      reviews.push(write(random, author, product, stars, thingOf(product)));
    }
  }
  return reviews;
}

/** Who reviews what: nobody twice, few products often and many seldom, five times each on average. */
function audiences(random: Random, productCount: number): number[][] {
  const people = demoPeople.map((_, index) => index);
  const sizes = Array.from({ length: productCount }, () =>
    random.weighted([
      [1, 20],
      [3, 35],
      [5, 25],
      [8, 12],
      [20, 6],
      [30, 2],
    ]),
  );
  let missing = REVIEWS_OF_PRODUCT * productCount - sizes.reduce((sum, size) => sum + size, 0);
  while (missing !== 0) {
    const product = random.integer(productCount);
    const step = Math.sign(missing);
    const size = sizes[product]! + step;
    if (size < 0 || size > people.length) continue;
    sizes[product] = size;
    missing -= step;
  }
  return sizes.map((size) => random.shuffled(people).slice(0, size));
}

function write(random: Random, author: number, product: number, stars: Stars, thing: string): DemoReview {
  const mood = moods[stars];
  const sentences = [random.pick(mood.openings).replace('%', thing), random.pick(mood.details)];
  if (random.integer(3) > 0) sentences.push(random.pick(mood.closings));
  const others = demoPeople.map((_, index) => index).filter((index) => index !== author);
  return {
    author,
    product,
    stars,
    title: random.pick(mood.titles),
    body: sentences.join(' '),
    helpfulTo: random.shuffled(others).slice(
      0,
      random.weighted([
        [0, 45],
        [1, 20],
        [2, 15],
        [4, 12],
        [9, 6],
        [17, 2],
      ]),
    ),
    daysAgo: 1 + random.integer(OLDEST_IN_DAYS),
  };
}
