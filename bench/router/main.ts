/**
 * `npm run bench:router`: Souk's router beside Apollo's and Hive's, on the same subgraphs, the same operations, the same
 * connections, in turn. It installs the others by itself. `-- --quick` takes a minute and a half; the whole, under ten.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, type Plan } from './measure.ts';
import { installPeers } from './routers.ts';
import { SHAPES } from './shapes.ts';
import { table } from './table.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** One shape alone. */
    shape: { type: 'string' },
    connections: { type: 'string', default: '50' },
  },
});
const shapes = SHAPES.filter(({ name }) => values.shape === undefined || name === values.shape);
if (shapes.length === 0) throw new Error(`--shape is one of ${SHAPES.map(({ name }) => name).join(', ')}`);

await installPeers();
const folder = await mkdtemp(join(tmpdir(), 'souk-bench-router-'));
const plan: Plan = {
  folder,
  rounds: values.quick ? 1 : 3,
  seconds: values.quick ? 3 : 4,
  warmUpSeconds: values.quick ? 2 : 3,
  connections: Number(values.connections),
};
const say = (text: string) => process.stdout.write(`${text}\n`);
try {
  say(
    `Node ${process.version}, ${cpus().length} cores (${cpus()[0]!.model}), ${plan.connections} connections`,
  );
  for (const deduplication of ['off', 'on'] as const) {
    say(
      `\n### Identical requests in flight: ${deduplication === 'off' ? 'each is run' : 'run once where a router can'}`,
    );
    for (const shape of shapes) {
      const { measured, bytes } = await measure(shape, deduplication, plan);
      say(`\nThe ${shape.name} (${(bytes / 1_000).toFixed(1)} KB):\n\n${table(measured)}`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
