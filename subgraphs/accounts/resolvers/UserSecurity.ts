import type { UserSecurityResolvers } from '../generated/resolver-types.ts';

export const UserSecurity: UserSecurityResolvers = {
  mfaEnabled: async ({ id }, _, { loaders }) => (await loaders.factorOfUser.load(id)) !== undefined,
  recoveryCodesLeft: async ({ id }, _, { loaders }) =>
    (await loaders.factorOfUser.load(id))?.recoveryCodesLeft ?? 0,
};
