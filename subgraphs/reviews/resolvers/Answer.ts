import type { AnswerResolvers } from '../generated/resolver-types.ts';

export const Answer: AnswerResolvers = {
  id: ({ answer }) => answer.id,
  author: ({ answer: { authorId } }) => (authorId === null ? null : { id: authorId }),
  body: ({ answer }) => answer.body,
  isFromShop: ({ answer }) => answer.isFromShop,
  isFromBuyer: ({ answer }) => answer.isFromBuyer,
  helpfulCount: ({ answer }) => answer.helpfulCount,
  viewerVote: async ({ answer }, _, { loaders }) => (await loaders.viewerVotes.load(answer.id))?.vote ?? null,
  createdAt: ({ answer }) => answer.createdAt,
};
