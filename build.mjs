/**
 * Bundles what runs to JavaScript, each package into its own dist/ (types are tsc's business, see `npm run check:types`).
 *   --with-template   also makes the PostgreSQL template that first starts unpack (a few seconds, once a PGlite version)
 *   --quiet           says nothing when all is well
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { bundleExplorer } from './router/explorer/bundle.mjs';

const { values: flags } = parseArgs({
  options: { 'with-template': { type: 'boolean' }, quiet: { type: 'boolean' } },
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
  router: {
    main: 'main.ts',
    create: 'create.ts',
    settings: 'settings.ts',
  },
  'subgraphs/accounts': {
    index: 'index.ts',
    main: 'main.ts',
    settings: 'settings.ts',
    seed: 'seed.ts',
    commands: 'commands/main.ts',
  },
};

/** What all of our packages share is bundled into each of them; the others stay where npm put them. */
const bundleKit = {
  name: 'bundle-kit',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^@souk\/kit\// }, ({ path }) => ({
      path: `${root}packages/kit/${path.slice('@souk/kit/'.length)}.ts`,
    })),
};

for (const [folder, entries] of Object.entries(packages)) {
  await build({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([out, file]) => ({ out, in: `${folder}/${file}` })),
    outdir: `${folder}/dist`,
    bundle: true,
    splitting: true,
    packages: 'external',
    plugins: [bundleKit],
    conditions: ['souk-src'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  });
}
// After the bundles, whose folder it shares; made anew only when GraphiQL or the page has changed.
await bundleExplorer(`${root}router/dist/explorer`);
if (!flags.quiet) console.log(`Built in ${Math.round(performance.now() - started)} ms`);

if (flags['with-template']) {
  execFileSync(process.execPath, [`${root}packages/embedded/dist/postgres-template.js`], {
    stdio: ['ignore', flags.quiet ? 'ignore' : 'inherit', 'inherit'],
  });
}
