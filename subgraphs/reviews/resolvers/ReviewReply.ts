import type { ReviewReplyResolvers } from '../generated/resolver-types.ts';

export const ReviewReply: ReviewReplyResolvers = {
  author: ({ authorId }) => (authorId === null ? null : { id: authorId }),
};
