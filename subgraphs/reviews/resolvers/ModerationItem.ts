import type { ModerationItemResolvers } from '../generated/resolver-types.ts';

export const ModerationItem: ModerationItemResolvers = {
  id: ({ queue }) => queue.id,
  subject: (item) => (item.type === 'REVIEW' ? item.review : item.question),
  reasons: ({ queue }) => queue.reasons,
  reportCount: ({ queue }) => queue.reportCount,
  queuedAt: ({ queue }) => queue.queuedAt,
};
