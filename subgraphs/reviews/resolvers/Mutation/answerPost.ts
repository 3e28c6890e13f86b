import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { postAnswer } from '../../domain/questions.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const answerPost: MutationResolvers['answerPost'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  const userId = requireUser(viewer);
  requireId('qst', input.questionId, 'input.questionId');
  return payload(await postAnswer(services, actor, userId, input), (row) => ({
    answer: row,
    question: row.question,
  }));
};
