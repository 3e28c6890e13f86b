/** How many questions were asked since the shop opened; those that were loaded with it are older. */
import { type Ask, reviewsAbout, type Stage } from './stage.ts';

interface Asked {
  questions: { nodes: { createdAt: string }[] } | null;
}

export async function countQuestions(ask: Ask, { shoppers, products }: Stage): Promise<number> {
  const selection = 'questions(first: 100) { nodes { createdAt } }';
  const found = await reviewsAbout<Asked>(ask, products, selection);
  const questions = found.flatMap((product) => product?.questions?.nodes ?? []);
  const { joinedAt: openedAt } = shoppers[0]!;
  return questions.filter(({ createdAt }) => createdAt > openedAt).length;
}
