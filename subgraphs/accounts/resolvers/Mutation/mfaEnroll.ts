import { enroll } from '../../domain/second-factor.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireUser } from '../authorise.ts';
import { payload } from '../payload.ts';

export const mfaEnroll: MutationResolvers['mfaEnroll'] = async (_, __, { viewer, services }) =>
  payload(await enroll(services, requireUser(viewer)), (enrollment) => ({ enrollment }));
