import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { removeAddress } from '../../domain/address-book.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const addressDelete: MutationResolvers['addressDelete'] = async (
  _,
  { input },
  { viewer, services },
) => {
  const addressId = requireId('adr', input.addressId, 'input.addressId');
  const outcome = await removeAddress(services, requireUser(viewer), addressId);
  return payload(outcome, (deletedAddressId) => ({ deletedAddressId }));
};
