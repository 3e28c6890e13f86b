import { payload } from '@souk/kit/errors/payload';
import { startImport } from '../../domain/import-starting.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireScope } from '../authorise.ts';

export const productImportStart: MutationResolvers['productImportStart'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  return payload(await startImport(services, actor, input), (started) => ({
    import: started.import,
    uploadUrl: started.uploadUrl,
  }));
};
