/** The Redis that keeps the stream, in a process that can be killed: `redis.ts FOLDER PORT`. */
import { startEmbedded } from '@souk/embedded/start';

const [dataDir, port] = process.argv.slice(2);
const { urls } = await startEmbedded({ dataDir: dataDir!, ports: { redis: Number(port) }, only: ['redis'] });
process.stdout.write(`ready ${urls.redis}\n`);
