import { isId } from '@souk/kit/values/ids';
import { maySeeAccount } from '../domain/visibility.ts';
import type { AddressResolvers } from '../generated/resolver-types.ts';

export const Address: AddressResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const address = isId('adr', id) ? await loaders.addresses.load(id) : undefined;
    return address && maySeeAccount(viewer, address.userId) ? address : null;
  },
  postal: (address) => address,
};
