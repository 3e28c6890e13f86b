/** All rooms and the router, each a process of its own, over servers that are theirs and a shop that is loaded. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@souk/embedded/start';
import { rooms } from '../../../subgraphs/registry.ts';
import { loadSmallDemo } from '../../small-demo.ts';
import { type Program, run, runAtPortsOfOld } from '../programs.ts';

export const NAMES = rooms.map(({ name }) => name);
export const PUBLIC_URL = 'http://127.0.0.1:4000';
const AT = /is ready at http:\/\/127\.0\.0\.1:(\d+)\/graphql/;

export interface Processes {
  /** By the name of the room, or `router`. */
  running: Map<string, { program: Program; port: string }>;
  /** One for all of them, as a file that they share would be. */
  env: Record<string, string>;
  folder: string;
  /** Of GraphQL, at the router. */
  url: string;
  /** As `npm run subgraph` does. */
  startRoom(name: string, as?: string): Promise<void>;
  /** From the room's own folder, at the port that it had. */
  startAgain(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function startProcesses(): Promise<Processes> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-many-processes-'));
  const embedded = await startEmbedded({ dataDir: folder });
  const { postgres, mongodb, redis } = embedded.urls;
  const env = {
    POSTGRES_URL: postgres,
    MONGODB_URL: mongodb,
    REDIS_URL: redis,
    SOUK_DATA_DIR: folder,
    SOUK_VIEWER_KEY: randomBytes(32).toString('hex'),
    SOUK_ACCOUNTS_KEY: randomBytes(32).toString('hex'),
    SOUK_PUBLIC_URL: PUBLIC_URL,
    SOUK_SEED: 'demo',
    SOUK_REVIEWS_POSTS_PER_HOUR: '30',
    ROUTER_SUPERGRAPH: 'schema/supergraph.graphql',
    ROUTER_JWT_ISSUER: PUBLIC_URL,
  };
  const running: Processes['running'] = new Map();
  const close = async () => {
    await Promise.all([...running.values()].map(({ program }) => program.kill('SIGKILL')));
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const startRoom = async (name: string, as = name) => {
    const program = run('start/dist/subgraph.js', [name, '--port', '0'], env);
    running.set(as, { program, port: (await program.says(AT))[1]! });
  };
  const startAgain = async (name: string) => {
    const { port } = running.get(name)!;
    const program = await runAtPortsOfOld(
      () => run(`subgraphs/${name}/dist/main.js`, ['--port', port], env),
      AT,
    );
    running.set(name, { program, port });
  };
  try {
    await endsWell(run('start/dist/migrate.js', [], env));
    if (process.env.SOUK_LONG_TESTS) await endsWell(run('start/dist/seed.js', [], env));
    else await loadSmallDemo(env);
    await Promise.all(NAMES.map((name) => startRoom(name)));
    const url = await startRouter(running, env);
    return { running, env, folder, url, startRoom, startAgain, close };
  } catch (error) {
    // The test tells the error; what runs by now would outlive it.
    await close();
    throw error;
  }
}

async function startRouter(running: Processes['running'], env: Record<string, string>): Promise<string> {
  const at = (name: string) => `http://127.0.0.1:${running.get(name)!.port}`;
  const router = run('router/dist/main.js', ['--port', '0'], {
    ...env,
    ROUTER_PATHS: `/.well-known/=${at('accounts')},/media/=${at('catalog')},/catalog/imports/=${at('catalog')}`,
    ROUTER_SUBGRAPH_URLS: NAMES.map((name) => `${name}=${at(name)}/graphql`).join(','),
    ROUTER_JWKS_URL: `${at('accounts')}/.well-known/jwks.json`,
    ROUTER_REVOCATIONS_CHANNEL: 'souk:revocations',
    ROUTER_REVOCATIONS_STREAM: 'souk:revocations:recent',
  });
  const [, url] = await router.says(/(http:\S+)\nThe router is ready/);
  running.set('router', { program: router, port: new URL(url!).port });
  return url!;
}

async function endsWell(program: Program): Promise<void> {
  const code = await program.ended;
  if (code !== 0) throw new Error(`It ended with ${code}: ${program.output()}`);
}
