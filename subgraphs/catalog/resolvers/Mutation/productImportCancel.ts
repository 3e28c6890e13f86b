import { payload } from '@souk/kit/errors/payload';
import { cancelImport } from '../../domain/import-starting.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const productImportCancel: MutationResolvers['productImportCancel'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  requireId('imp', input.importId, 'input.importId');
  return payload(await cancelImport(services, actor, input), (cancelled) => ({ import: cancelled }));
};
