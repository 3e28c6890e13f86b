/** A process that sends two spans to the collector that it is told of. The exporter loads modules as jest cannot. */
import { startTraces } from '../observe/traces.ts';

const traces = await startTraces({ endpoint: process.argv[2], service: 'shelf' });
const request = traces.start('request', 'server', process.argv[3]);
traces.start('postgres', 'client', request)?.end();
request?.end();
await traces.stop();
