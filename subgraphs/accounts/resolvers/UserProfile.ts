import type { UserProfileResolvers } from '../generated/resolver-types.ts';

export const UserProfile: UserProfileResolvers = {
  // Only an erased account has none, and that has no profile.
  email: ({ email }) => email!,
  emailVerified: ({ emailVerifiedAt }) => emailVerifiedAt !== null,
  defaultShippingAddress: async ({ id }, _, { loaders }) =>
    (await loaders.defaultAddressesOfUser.load(id)).find((address) => address.isDefaultShipping) ?? null,
  defaultBillingAddress: async ({ id }, _, { loaders }) =>
    (await loaders.defaultAddressesOfUser.load(id)).find((address) => address.isDefaultBilling) ?? null,
};
