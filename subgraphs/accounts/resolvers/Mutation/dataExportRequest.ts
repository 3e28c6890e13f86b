import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { requestExport } from '../../domain/privacy-requests.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const dataExportRequest: MutationResolvers['dataExportRequest'] = async (
  _,
  __,
  { viewer, services, actor },
) => payload(await requestExport(services, actor, requireUser(viewer)), (request) => ({ request }));
