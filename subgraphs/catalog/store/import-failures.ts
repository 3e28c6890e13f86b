import type { Page } from '@souk/kit/lists/connections';
import { mongodbPage } from '@souk/kit/lists/connections-mongodb';
import { ascending, defineOrder } from '@souk/kit/lists/cursors';
import type { Collections } from './collections.ts';
import type { ImportFailure } from './import-document.ts';

type Failures = Pick<Collections, 'importFailures'>;

export const FAILURES_IN_FILE_ORDER = defineOrder('import.failures', [
  ascending('row', 'number'),
  ascending('_id', 'text'),
]);

export function listImportFailures(
  { importFailures }: Failures,
  importId: string,
  page: Page,
): Promise<ImportFailure[]> {
  const { filter, sort, limit } = mongodbPage<ImportFailure>(FAILURES_IN_FILE_ORDER, page, { importId });
  return importFailures.find(filter).sort(sort).limit(limit).hint('file').toArray();
}

/** A batch that is done again writes the same ones again. */
export async function saveImportFailures(
  { importFailures }: Failures,
  rows: readonly ImportFailure[],
): Promise<void> {
  if (rows.length === 0) return;
  await importFailures.bulkWrite(
    rows.map((row) => ({ replaceOne: { filter: { _id: row._id }, replacement: row, upsert: true } })),
    { ordered: false },
  );
}
