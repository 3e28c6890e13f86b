import type { ApiKeyResolvers } from '../generated/resolver-types.ts';

export const ApiKey: ApiKeyResolvers = {
  createdBy: async ({ createdBy }, _, { loaders }) =>
    createdBy === null ? null : ((await loaders.users.load(createdBy)) ?? null),
};
