/** What the bin starts: the only file here that knows of a process. */
import { readFileSync } from 'node:fs';
import { progressLine } from './cli/progress.ts';
import { run } from './cli/run.ts';

/** A reader such as `head` that has seen enough is no fault. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

// Not process.exit(), which would cut off what is not written yet.
process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  worker: new URL('./worker.js', import.meta.url),
  version,
  progress: progressLine(process.stderr),
});
