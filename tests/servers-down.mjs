/** After all tests: stops what servers-up.mjs started. */
import { rm } from 'node:fs/promises';

export default async function serversDown() {
  const { dataDir, stop } = globalThis.stopServersOfTests ?? {};
  if (!stop) return;
  await stop();
  await rm(dataDir, { recursive: true, force: true });
}
