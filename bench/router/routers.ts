/** The routers that are measured: how each is started on a supergraph. All say their URL once they are there. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Process, start } from './process.ts';

export type Deduplication = 'off' | 'on';

export interface Router {
  name: string;
  /** Routers that know no de-duplication run as they are. */
  start(supergraph: string, deduplication: Deduplication): Promise<Process>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PEERS = join(ROOT, 'bench/router/peers');
const ENV = { PATH: process.env.PATH ?? '', NODE_ENV: 'production' };
const READY = /^ready (\S+)$/m;

function peer(name: string, file: string, ...args: string[]): Router {
  return {
    name,
    start: (supergraph, deduplication) =>
      start([join(PEERS, file), supergraph, ...args, deduplication], { cwd: PEERS, env: ENV }, READY),
  };
}

/** The limits are far above what is measured, so that they are on the way and never in it. */
const SOUK_ENV = {
  SOUK_LOG_LEVEL: 'warn',
  ROUTER_RATE_ADDRESS: '10000000',
  ROUTER_MAX_COST: '1000000000',
};

const souk: Router = {
  name: 'Souk',
  start: (supergraph) =>
    start(
      [
        '--max-semi-space-size=24',
        '--heap-growing-percent=100',
        join(ROOT, 'router/dist/main.js'),
        '--supergraph',
        supergraph,
        '--port',
        '0',
      ],
      { cwd: ROOT, env: { ...ENV, ...SOUK_ENV } },
      /^(http\S+)$/m,
    ),
};

/** The first is what the others are compared to. */
export const ROUTERS: readonly Router[] = [
  peer('Apollo, stock', 'apollo.mjs'),
  peer('Apollo, tuned', 'apollo-tuned.mjs'),
  peer('Hive, JavaScript', 'hive.mjs', 'js'),
  peer('Hive, native', 'hive.mjs', 'native'),
  souk,
];

/** Into a folder of their own: the workspace has nothing of them. */
export async function installPeers(): Promise<void> {
  if (existsSync(join(PEERS, 'node_modules/.package-lock.json'))) return;
  process.stderr.write('Installing the peers\n');
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: PEERS,
    stdio: 'inherit',
  });
  const code = await new Promise((resolve) => npm.on('close', resolve));
  if (code !== 0) throw new Error(`npm ci in ${PEERS} ended with ${code}`);
}
