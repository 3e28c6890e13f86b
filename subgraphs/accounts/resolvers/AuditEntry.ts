import type { AuditAction, AuditEntryResolvers } from '../generated/resolver-types.ts';

export const AuditEntry: AuditEntryResolvers = {
  action: ({ action }) => action as AuditAction,
  actor: async ({ actorId }, _, { loaders }) =>
    actorId === null ? null : ((await loaders.users.load(actorId)) ?? null),
  apiKey: async ({ apiKeyId }, _, { loaders }) =>
    apiKeyId === null ? null : ((await loaders.apiKeys.load(apiKeyId)) ?? null),
  subject: async ({ subjectId }, _, { loaders }) =>
    subjectId === null ? null : ((await loaders.users.load(subjectId)) ?? null),
};
