/**
 * Bundles what runs to JavaScript, each package into its own dist/ (types are tsc's business, see `npm run check:types`).
 *   --with-template   also makes the PostgreSQL template that first starts unpack (a few seconds, once a PGlite version)
 *   --quiet           says nothing when all is well
 *   --only FOLDER     bundles this package alone
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { placeOutputs } from './build-outputs.mjs';
import { bundleExplorer } from './router/explorer/bundle.mjs';

const { values: flags } = parseArgs({
  options: { 'with-template': { type: 'boolean' }, quiet: { type: 'boolean' }, only: { type: 'string' } },
});
const root = fileURLToPath(new URL('.', import.meta.url));
const started = performance.now();

/** Names in dist/ are flat, so that `new URL('./x.js', import.meta.url)` holds in every chunk. */
const packages = {
  'packages/embedded': {
    main: 'main.ts',
    start: 'start.ts',
    thread: 'thread.ts',
    'postgres-engine': 'postgres/engine.ts',
    'postgres-template': 'postgres/make-template.ts',
  },
  'packages/schema-review': {
    main: 'main.ts',
    worker: 'prepare/worker.ts',
  },
  'packages/client': { client: 'client.ts' },
  router: {
    main: 'main.ts',
    create: 'create.ts',
    settings: 'settings.ts',
  },
  ...Object.fromEntries(rooms().map((name) => [`subgraphs/${name}`, entriesOfRoom(name)])),
  // `npm start` and its like have rooms, router and kit in one bundle, so that there is one of each.
  start: {
    main: 'main.ts',
    subgraph: 'subgraph.ts',
    seed: 'seed.ts',
    migrate: 'migrate.ts',
    events: 'events.ts',
  },
};

/** Folders of rooms: whatever has a front door. */
function rooms() {
  return readdirSync(`${root}subgraphs`).filter((name) => existsSync(`${root}subgraphs/${name}/index.ts`));
}

function entriesOfRoom(name) {
  const entries = {
    index: 'index.ts',
    main: 'main.ts',
    settings: 'settings.ts',
    seed: 'seed.ts',
    commands: 'commands/main.ts',
  };
  const isThere = ([, file]) => existsSync(`${root}subgraphs/${name}/${file}`);
  return Object.fromEntries(Object.entries(entries).filter(isThere));
}

/**
 * Packages of ours are bundled from their sources, those from npm stay where npm put them. The embedded servers stay
 * outside too: they start threads out of their own files.
 */
const bundleOurs = (outdir) => ({
  name: 'bundle-ours',
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (kind === 'entry-point' || pluginData === 'resolving' || isBuiltin(path)) return undefined;
      if (path.startsWith('@souk/'))
        return path.startsWith('@souk/embedded/') ? { path, external: true } : undefined;
      const found = await resolve(path, { kind, resolveDir, importer, pluginData: 'resolving' });
      if (found.errors.length > 0 || found.path.startsWith(`${root}node_modules/`))
        return { path, external: true };
      // npm put it beside the package that wants another version than the others do: the bundle may be elsewhere.
      return { path: `./${relative(outdir, found.path)}`, external: true };
    }),
});

async function bundle([folder, entries]) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([out, file]) => ({ out, in: `${folder}/${file}` })),
    outdir: `${folder}/dist`,
    write: false,
    bundle: true,
    splitting: true,
    plugins: [bundleOurs(`${root}${folder}/dist`)],
    conditions: ['souk-src'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  });
  placeOutputs(`${root}${folder}/dist`, outputFiles, Object.keys(entries));
}

const wanted = Object.entries(packages).filter(([folder]) => !flags.only || flags.only === folder);
await Promise.all(wanted.map(bundle));
// After the bundles, whose folder it shares; made anew only when GraphiQL or the page has changed.
if (!flags.only) await bundleExplorer(`${root}router/dist/explorer`);
if (!flags.quiet) console.log(`Built in ${Math.round(performance.now() - started)} ms`);

if (flags['with-template']) {
  execFileSync(process.execPath, [`${root}packages/embedded/dist/postgres-template.js`], {
    stdio: ['ignore', flags.quiet ? 'ignore' : 'inherit', 'inherit'],
  });
}
