/** What stands around a router that is measured: Redis with the stream, the subgraphs, each in a process that can be killed. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { Redis } from 'ioredis';
import { type Process, start } from '../router/process.ts';
import { REDIS_OPTIONS } from './stream.ts';

export type Role = 'router' | 'subgraphs' | 'Redis';
export type RouterName = 'Souk' | 'Hive';

export interface Stage {
  url: string;
  redis: Redis;
  process(role: Role): Process;
  /** Killed, and started again a moment later at the same address. */
  restart(role: Role): Promise<void>;
  stop(): Promise<void>;
}

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '../..');
const PEERS = join(HERE, 'peers');
const FROM_SOURCES = ['--conditions=souk-src', '--import', 'tsx'];
const ENV = { PATH: process.env.PATH ?? '', NODE_ENV: 'production' };
/** All clients are guests of one address here; the limits are for others. */
const SOUK_ENV = {
  SOUK_LOG_LEVEL: 'error',
  ROUTER_RATE_ADDRESS: '0',
  ROUTER_SOCKETS_ADDRESS: '0',
  ROUTER_SOCKETS_VIEWER: '0',
};
const SUBGRAPHS = ['orders', 'products', 'accounts'];

export async function setStage(router: RouterName, profile?: string): Promise<Stage> {
  if (router === 'Hive') await installPeers();
  const folder = await mkdtemp(join(tmpdir(), 'souk-bench-subscriptions-'));
  const [redisPort, routerPort, ...ports] = (await freePorts(2 + SUBGRAPHS.length)).map(String);
  const supergraph = join(folder, 'supergraph.graphql');
  await writeFile(supergraph, compose(ports));
  const ready = /^ready (\S+)$/m;
  const souk = ['--max-semi-space-size=24', ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])];
  const begin: Record<Role, () => Promise<Process>> = {
    Redis: () =>
      start(
        [...FROM_SOURCES, join(HERE, 'redis.ts'), join(folder, 'data'), redisPort!],
        { cwd: HERE, env: ENV },
        ready,
      ),
    subgraphs: () =>
      start(
        [...FROM_SOURCES, join(HERE, 'rooms.ts'), `redis://127.0.0.1:${redisPort}`, ...ports],
        { cwd: HERE, env: ENV },
        ready,
      ),
    router: () =>
      router === 'Hive'
        ? start([join(PEERS, 'hive.mjs'), supergraph, routerPort!], { cwd: PEERS, env: ENV }, ready)
        : start(
            [...souk, join(ROOT, 'router/dist/main.js'), '--supergraph', supergraph, '--port', routerPort!],
            { cwd: ROOT, env: { ...ENV, ...SOUK_ENV } },
            /^(http\S+)$/m,
          ),
  };
  const running = new Map<Role, Process>();
  const stop = async () => {
    redis?.disconnect();
    for (const role of ['router', 'subgraphs', 'Redis'] as const) await running.get(role)?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  let redis: Redis | undefined;
  try {
    for (const role of ['Redis', 'subgraphs', 'router'] as const) running.set(role, await begin[role]());
    redis = new Redis(`redis://127.0.0.1:${redisPort}`, REDIS_OPTIONS);
  } catch (error) {
    await stop();
    throw error;
  }
  // It connects again by itself.
  redis.on('error', () => {});
  return {
    url: running.get('router')!.said,
    redis,
    process: (role) => running.get(role)!,
    restart: async (role) => {
      await running.get(role)!.kill();
      running.set(role, await begin[role]());
    },
    stop,
  };
}

function compose(ports: readonly string[]): string {
  const services = SUBGRAPHS.map((name, at) => ({
    name,
    url: `http://127.0.0.1:${ports[at]}/graphql`,
    typeDefs: parse(readFileSync(join(HERE, `schemas/${name}.graphql`), 'utf8')),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/** Known beforehand, since a process that was killed comes back where it was. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const listening = servers.map(
    (server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done())),
  );
  await Promise.all(listening);
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** Into a folder of their own: the workspace has nothing of them. */
async function installPeers(): Promise<void> {
  if (existsSync(join(PEERS, 'node_modules/.package-lock.json'))) return;
  process.stderr.write('Installing the peer\n');
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: PEERS,
    stdio: 'inherit',
  });
  const code = await new Promise((resolve) => npm.on('close', resolve));
  if (code !== 0) throw new Error(`npm ci in ${PEERS} ended with ${code}`);
}
