import { connectionInMemory, parsePage } from '@souk/kit/lists/connections';
import { isId } from '@souk/kit/values/ids';
import { publishedAnswers } from '../domain/change-question.ts';
import { helpfulScore } from '../domain/helpfulness.ts';
import { maySee } from '../domain/visibility.ts';
import type { QuestionResolvers } from '../generated/resolver-types.ts';
import { SHOP_THEN_HELPFUL } from '../store/questions.ts';

export const Question: QuestionResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const question = isId('qst', id) ? await loaders.questions.load(id) : undefined;
    return question && maySee(viewer, question) ? question : null;
  },

  id: ({ _id }) => _id,
  product: ({ productId }) => ({ id: productId }),
  author: ({ authorId }) => (authorId === null ? null : { id: authorId }),

  answers: (question, args) => {
    const rows = publishedAnswers(question).map((answer) => ({
      question,
      answer,
      helpfulScore: helpfulScore(answer.helpfulCount, answer.unhelpfulCount),
    }));
    return connectionInMemory(SHOP_THEN_HELPFUL, parsePage(args), rows);
  },

  answerCount: (question) => publishedAnswers(question).length,
};
