/** What was asked in the shop since it opened; its own questions are older. */
import { type Ask, GUEST, type Stage } from './stage.ts';

const QUESTIONS = `query ($products: [_Any!]!) {
  _entities(representations: $products) { ... on Product { questions(first: 100) { nodes { createdAt } } } }
}`;

interface Asked {
  questions: { nodes: { createdAt: string }[] } | null;
}

export async function countQuestions(ask: Ask, { shoppers, products }: Stage): Promise<number> {
  const { _entities: found } = await ask<{ _entities: (Asked | null)[] }>('reviews', GUEST, QUESTIONS, {
    products: products.map(({ id }) => ({ __typename: 'Product', id })),
  });
  const questions = found.flatMap((product) => product?.questions?.nodes ?? []);
  const { joinedAt: openedAt } = shoppers[0]!;
  return questions.filter(({ createdAt }) => createdAt > openedAt).length;
}
