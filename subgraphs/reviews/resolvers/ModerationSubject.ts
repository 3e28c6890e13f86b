import type { ModerationSubjectResolvers } from '../generated/resolver-types.ts';

export const ModerationSubject: ModerationSubjectResolvers = {
  __resolveType: (subject) => ('stars' in subject ? 'Review' : 'Question'),
};
