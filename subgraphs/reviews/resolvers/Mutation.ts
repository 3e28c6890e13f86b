import type { MutationResolvers } from '../generated/resolver-types.ts';
import { answerPost } from './Mutation/answerPost.ts';
import { answerVote } from './Mutation/answerVote.ts';
import { questionAsk } from './Mutation/questionAsk.ts';
import { questionModerate } from './Mutation/questionModerate.ts';
import { reviewDelete } from './Mutation/reviewDelete.ts';
import { reviewModerate } from './Mutation/reviewModerate.ts';
import { reviewReplySet } from './Mutation/reviewReplySet.ts';
import { reviewReport } from './Mutation/reviewReport.ts';
import { reviewSubmit } from './Mutation/reviewSubmit.ts';
import { reviewUpdate } from './Mutation/reviewUpdate.ts';
import { reviewVote } from './Mutation/reviewVote.ts';

export const Mutation: MutationResolvers = {
  answerPost,
  answerVote,
  questionAsk,
  questionModerate,
  reviewDelete,
  reviewModerate,
  reviewReplySet,
  reviewReport,
  reviewSubmit,
  reviewUpdate,
  reviewVote,
};
