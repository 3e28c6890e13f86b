/** `npm run migrate`: brings the stores of all rooms up to date, as every start does, and ends; a job before a rollout. */
import { runJob } from './job.ts';

await runJob('The migration', async (started) => {
  for (const { room } of started) process.stdout.write(`${room.name} is up to date\n`);
});
