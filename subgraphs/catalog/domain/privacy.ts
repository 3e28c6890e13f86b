/** What this domain holds about people: who started which import. Products and their words belong to the shop. */
import type { PrivacyDuties } from '@souk/kit/room/privacy';
import { findImportsOfUser, forgetStarter } from '../store/imports.ts';
import type { Services } from './services.ts';

export function createPrivacyDuties({ collections }: Pick<Services, 'collections'>): PrivacyDuties {
  return {
    exportUser: async (userId) => {
      const imports = await findImportsOfUser(collections, userId);
      const data = imports.map(({ _id, format, state, createdAt, finishedAt, processedRows }) => ({
        import: _id,
        format,
        state,
        createdAt,
        finishedAt,
        processedRows,
      }));
      return { records: imports.length, data };
    },
    // The import itself says how products came about, and stays without the name.
    eraseUser: async (userId) => ({ records: await forgetStarter(collections, userId) }),
  };
}
