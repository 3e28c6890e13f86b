/** After all tests: stops what servers-up.mjs started. */
import { rm } from 'node:fs/promises';

export default async function serversDown() {
  for (const { dataDir, stop } of globalThis.serversOfTests) {
    await stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
