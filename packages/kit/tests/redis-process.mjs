/** A Redis of its own on a port that stays the same, for tests that kill it: node redis-process.mjs <folder> <port>. */
import { startEmbedded } from '@souk/embedded/start';

const [dataDir, port] = process.argv.slice(2);
const { urls } = await startEmbedded({ dataDir, only: ['redis'], ports: { redis: Number(port) } });
process.stdout.write(`${urls.redis}\n`);
