/**
 * `npm run bench:schema-review`: how long a review of a large supergraph takes, cold and out of what was kept, with base
 * and head composed side by side as the command does it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keptIn } from '@souk/schema-review/prepare/kept';
import { type Progress, review } from '@souk/schema-review/review';
import { mapSource } from '@souk/schema-review/source';
import { generate } from './generate.ts';

const { values } = parseArgs({
  options: {
    subgraphs: { type: 'string', default: '50' },
    operations: { type: 'string', default: '300' },
  },
});
const size = { subgraphs: Number(values.subgraphs), operations: Number(values.operations) };
const { base, head } = generate(size);
const worker = new URL('../../packages/schema-review/dist/worker.js', import.meta.url);
const cacheDir = await mkdtemp(join(tmpdir(), 'schema-review-bench-'));

try {
  const rows = [await measure('cold'), await measure('warm')];
  process.stdout.write(
    [
      `Node ${process.version}, ${cpus().length} cores (${cpus()[0]!.model}); ${size.subgraphs} subgraphs, ${size.operations} operations`,
      '',
      '| run | seconds | processor seconds, of all threads | findings | told of progress |',
      '|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n'),
  );
} finally {
  await rm(cacheDir, { recursive: true, force: true });
}

async function measure(name: string): Promise<string> {
  const told: Progress[] = [];
  const [started, used] = [performance.now(), process.cpuUsage()];
  const { findings, composes } = await review(mapSource('base', base), mapSource('head', head), {
    kept: keptIn(cacheDir),
    worker,
    onProgress: (progress) => told.push(progress),
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { user, system } = process.cpuUsage(used);
  const cpu = ((user + system) / 1_000_000).toFixed(1);
  if (!composes) throw new Error(`head does not compose: ${findings[0]?.message}`);
  return `| ${name} | ${seconds} | ${cpu} | ${findings.length} | ${told.length} times |`;
}
