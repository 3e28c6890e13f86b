/** Before all tests: starts the embedded servers that no URL is set for, so that every suite finds all three. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@souk/embedded/start';

const SETTINGS = { postgres: 'POSTGRES_URL', mongodb: 'MONGODB_URL', redis: 'REDIS_URL' };

export default async function serversUp() {
  const only = Object.keys(SETTINGS).filter((kind) => !process.env[SETTINGS[kind]]);
  if (only.length === 0) return;
  const dataDir = await mkdtemp(join(tmpdir(), 'souk-tests-'));
  const { urls, stop } = await startEmbedded({ dataDir, only });
  for (const kind of only) process.env[SETTINGS[kind]] = urls[kind];
  globalThis.stopServersOfTests = { dataDir, stop };
}
