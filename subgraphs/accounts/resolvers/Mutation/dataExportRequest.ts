import { requestExport } from '../../domain/privacy-requests.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireUser } from '../authorise.ts';
import { payload } from '../payload.ts';

export const dataExportRequest: MutationResolvers['dataExportRequest'] = async (
  _,
  __,
  { viewer, services, actor },
) => payload(await requestExport(services, actor, requireUser(viewer)), (request) => ({ request }));
