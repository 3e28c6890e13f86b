import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { enroll } from '../../domain/second-factor.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const mfaEnroll: MutationResolvers['mfaEnroll'] = async (_, __, { viewer, services }) =>
  payload(await enroll(services, requireUser(viewer)), (enrollment) => ({ enrollment }));
