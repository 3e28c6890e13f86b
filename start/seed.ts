/** `npm run seed`: loads the demo shop, if there is none yet, and ends. */
import { loadDemoInto } from './demo.ts';
import { runJob } from './job.ts';

await runJob('The seed', (started) => loadDemoInto(started, process.stdout));
