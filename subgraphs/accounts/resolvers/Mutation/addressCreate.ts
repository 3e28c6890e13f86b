import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { addAddress } from '../../domain/address-book.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const addressCreate: MutationResolvers['addressCreate'] = async (
  _,
  { input },
  { viewer, services },
) => {
  const typed = {
    ...input,
    isDefaultShipping: input.isDefaultShipping ?? false,
    isDefaultBilling: input.isDefaultBilling ?? false,
  };
  return payload(await addAddress(services, requireUser(viewer), typed), (address) => ({ address }));
};
