/** What people of the demo shop ask about its products, and what buyers and the shop answer. */
import { demoPeople } from './people.ts';
import { createRandom } from './random.ts';

export interface DemoAnswer {
  /** Index into the demo people. */
  author: number;
  /** Written by a member of staff for the shop. */
  isFromShop: boolean;
  body: string;
  /** People who found it helpful, as indices. */
  helpfulTo: number[];
  daysAgo: number;
}

export interface DemoQuestion {
  author: number;
  /** Index into the demo products. */
  product: number;
  body: string;
  daysAgo: number;
  answers: DemoAnswer[];
}

interface Topic {
  /** `%` stands for the thing: “table lamp”. */
  questions: readonly string[];
  fromShop: readonly string[];
  fromBuyers: readonly string[];
}

/** In all 240 in the whole demo shop. */
const PRODUCTS_TO_QUESTION = 2.5;
const OLDEST_IN_DAYS = 400;
/** Of the demo people, who answers for the shop: the moderator. */
const SHOP = demoPeople.findIndex(({ roles }) => roles.includes('moderator'));

/** They fit whatever is sold here, from a rug to a tea. */
const topics: readonly Topic[] = [
  {
    questions: [
      'Is the % wrapped well enough to go straight to a friend as a present?',
      'I would like to send the % as a gift. Does the invoice travel with it?',
    ],
    fromShop: [
      'Every parcel is wrapped in plain paper with a ribbon, and the invoice goes to you by mail. The parcel holds no prices.',
      'Yes. Write a few words in the comment at the checkout and we put them on a card by hand.',
    ],
    fromBuyers: [
      'I did just that for my aunt, and she thought I had wrapped it myself.',
      'Mine came in strong cardboard with straw inside. Nothing could have broken.',
      'The box is handsome enough to give as it is.',
    ],
  },
  {
    questions: [
      'How true to life is the colour of the % in the pictures?',
      'On my screen the % looks rather warm. Is it so in daylight?',
    ],
    fromShop: [
      'We photograph by a north window. Each one is made by hand, so expect a shade lighter or darker.',
      'In daylight it is a touch calmer than in the picture; by lamplight it is as you see it.',
    ],
    fromBuyers: [
      'A little darker than the picture, and nicer for it.',
      'I held it next to my screen: very close.',
      'It depends on the light. In the evening it glows.',
    ],
  },
  {
    questions: [
      'Who makes the %, and is it really made by hand?',
      'Can you say something about the workshop that the % comes from?',
    ],
    fromShop: [
      'By a family workshop that we have worked with for nine years. We visit every spring, and the maker’s name is on the card.',
      'By hand, from beginning to end. That is why two are never quite the same.',
    ],
    fromBuyers: [
      'You can see it when you look closely: small irregularities, no fault.',
      'There was a card with the name of the maker in mine.',
    ],
  },
  {
    questions: [
      'How long does the % take to arrive when it is not in the country?',
      'I need the % by the end of the month. Is that realistic?',
    ],
    fromShop: [
      'What the page shows as in stock leaves our house on the next working day and takes three to five days.',
      'Within the country yes, with a week to spare. Abroad, allow ten days.',
    ],
    fromBuyers: ['Four days in my case.', 'It took eight days to Portugal, with tracking all the way.'],
  },
  {
    questions: [
      'What is the best way to look after the %? I would like to have it for long.',
      'Does the % need any special care?',
    ],
    fromShop: [
      'Follow the advice under “Care” on this page; less is more. If something does go wrong, write to us and we ask the maker.',
      'Nothing special: keep it dry and out of the midday sun, and it will outlive us.',
    ],
    fromBuyers: [
      'I have done nothing for a year, and it is as on the first day.',
      'The leaflet in the box says it all.',
      'Be gentle in the first weeks; after that it forgives a lot.',
    ],
  },
  {
    questions: [
      'Can I send the % back if it does not suit my home?',
      'What if I choose the wrong size of the %?',
    ],
    fromShop: [
      'Within thirty days, unused and in its wrapping. We send a label for the way back.',
      'Then we exchange it; you pay the post one way only.',
    ],
    fromBuyers: [
      'I exchanged mine for the larger one, without any questions.',
      'Returned one once. The money was back in a week.',
    ],
  },
  {
    questions: [
      'Which size of the % would you take for two people?',
      'I hesitate between two sizes of the %. Is the larger one worth it?',
    ],
    fromShop: ['For two the middle one. The measures are on this page; a paper cut-out at home helps a lot.'],
    fromBuyers: [
      'Take the larger one. I wish I had.',
      'We are two and the middle one is right for us.',
      'The small one is smaller than you think.',
    ],
  },
  {
    questions: [
      'Will there be other colours of the % this year?',
      'Is the % going to be back when it is sold out?',
    ],
    fromShop: [
      'The workshop makes a new batch every autumn. Put it on your list and we write when it is here.',
      'We do not know yet. What is on the page is what there is.',
    ],
    fromBuyers: ['I waited two months, and it came back.'],
  },
];

/** `thingOf` tells what a product is in a sentence: “table lamp”. */
export function demoQuestions(productCount: number, thingOf: (product: number) => string): DemoQuestion[] {
  const random = createRandom(3003);
  const people = demoPeople.map((_, index) => index).filter((index) => index !== SHOP);
  const asked = new Set<string>();
  const questions: DemoQuestion[] = [];
  while (questions.length < productCount / PRODUCTS_TO_QUESTION) {
    const product = random.integer(productCount);
    const topic = random.integer(topics.length);
    // Nobody asks what has been asked about the same thing.
    if (asked.has(`${product}:${topic}`)) continue;
    asked.add(`${product}:${topic}`);
    const [author, ...others] = random.shuffled(people);
    const daysAgo = 2 + random.integer(OLDEST_IN_DAYS);
    const { questions: wordings, fromShop, fromBuyers } = topics[topic]!;
    const answers: DemoAnswer[] = [];
    const answer = (by: number, isFromShop: boolean, body: string) => {
      const readers = others.filter((index) => index !== by);
      const helpful = random.weighted([
        [0, 40],
        [2, 35],
        [5, 20],
        [11, 5],
      ]);
      const helpfulTo = random.shuffled(readers).slice(0, helpful);
      answers.push({ author: by, isFromShop, body, helpfulTo, daysAgo: 1 + random.integer(daysAgo - 1) });
    };
    if (random.integer(10) < 7) answer(SHOP, true, random.pick(fromShop));
    const bodies = random.shuffled(fromBuyers).slice(0, random.integer(3));
    bodies.forEach((body, index) => {
      answer(others[index]!, false, body);
    });
    questions.push({
      author: author!,
      product,
      body: random.pick(wordings).replace('%', thingOf(product)),
      daysAgo,
      answers,
    });
  }
  return questions;
}
