/**
 * Before all tests: starts the embedded servers that no URL is set for. Each worker has servers of its own, since some
 * suites empty them: the first those of POSTGRES_URL and the like, the second those of POSTGRES_URL_2, and so on.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@souk/embedded/start';

const SETTINGS = { postgres: 'POSTGRES_URL', mongodb: 'MONGODB_URL', redis: 'REDIS_URL' };

export default async function serversUp({ maxWorkers }) {
  const started = [];
  globalThis.serversOfTests = started;
  for (let worker = 1; worker <= maxWorkers; worker++) {
    const settingOf = (kind) => (worker === 1 ? SETTINGS[kind] : `${SETTINGS[kind]}_${worker}`);
    const only = Object.keys(SETTINGS).filter((kind) => !process.env[settingOf(kind)]);
    if (only.length === 0) continue;
    const dataDir = await mkdtemp(join(tmpdir(), 'souk-tests-'));
    const { urls, stop } = await startEmbedded({ dataDir, only });
    started.push({ dataDir, stop });
    for (const kind of only) process.env[settingOf(kind)] = urls[kind];
  }
}
