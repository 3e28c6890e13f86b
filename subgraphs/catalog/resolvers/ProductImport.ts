import { hasScope } from '@souk/kit/auth/viewer';
import { connectionOf, parsePage } from '@souk/kit/lists/connections';
import { isId } from '@souk/kit/values/ids';
import type { ProductImportResolvers } from '../generated/resolver-types.ts';
import { FAILURES_IN_FILE_ORDER, listImportFailures } from '../store/import-failures.ts';

export const ProductImport: ProductImportResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) =>
    isId('imp', id) && hasScope(viewer, 'catalog:write') ? ((await loaders.imports.load(id)) ?? null) : null,
  id: ({ _id }) => _id,
  failures: async ({ _id }, args, { services }) => {
    const page = parsePage(args);
    return connectionOf(
      FAILURES_IN_FILE_ORDER,
      page,
      await listImportFailures(services.collections, _id, page),
    );
  },
  startedBy: ({ startedBy }) => (startedBy === null ? null : { id: startedBy }),
};
