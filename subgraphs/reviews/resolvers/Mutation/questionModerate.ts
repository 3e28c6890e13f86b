import { payload } from '@souk/kit/errors/payload';
import { moderateQuestion } from '../../domain/questions.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireStaff } from '../authorise.ts';

export const questionModerate: MutationResolvers['questionModerate'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireStaff(viewer);
  requireId('qst', input.questionId, 'input.questionId');
  return payload(await moderateQuestion(services, actor, input), (question) => ({ question }));
};
