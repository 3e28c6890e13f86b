/** The key of the vault when no setting names one: made at the first start, and kept beside the data. */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseViewerKeys } from '@souk/kit/auth/viewer';

const FILE = 'accounts.key';

export async function readOrMakeKey(dataDir: string): Promise<readonly [KeyObject, ...KeyObject[]]> {
  const path = join(dataDir, FILE);
  await mkdir(dataDir, { recursive: true });
  const fresh = randomBytes(32);
  try {
    await writeFile(path, `${fresh.toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
    return [createSecretKey(fresh)];
  } catch (error) {
    // It is there: this is not the first start, or another process has just made it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    return parseViewerKeys((await readFile(path, 'utf8')).trim());
  } catch (error) {
    throw new Error(
      `${path} holds no key: ${(error as Error).message}. Restore it, or set SOUK_ACCOUNTS_KEY.`,
      {
        cause: error,
      },
    );
  }
}
