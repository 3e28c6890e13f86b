import type { SessionResolvers } from '../generated/resolver-types.ts';

export const Session: SessionResolvers = {
  isCurrent: ({ id }, _, { viewer }) => id === viewer.sessionId,
};
