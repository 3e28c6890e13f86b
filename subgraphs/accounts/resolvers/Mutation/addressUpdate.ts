import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { changeAddress } from '../../domain/address-book.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const addressUpdate: MutationResolvers['addressUpdate'] = async (
  _,
  { input },
  { viewer, services },
) => {
  const addressId = requireId('adr', input.addressId, 'input.addressId');
  const outcome = await changeAddress(services, requireUser(viewer), { ...input, addressId });
  return payload(outcome, (address) => ({ address }));
};
