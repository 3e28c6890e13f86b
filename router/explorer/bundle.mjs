/**
 * Bundles the explorer page into dist/explorer: scripts, styles, fonts and workers with the hash of their content in
 * their names, each compressed once. What is there already and made from the same inputs is left alone.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const require = createRequire(import.meta.url);
const PUBLIC_PATH = '/explorer/';

const WORKERS = {
  editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
  json: 'monaco-editor/esm/vs/language/json/json.worker.js',
  graphql: 'monaco-graphql/esm/graphql.worker.js',
};
const PACKAGES = [
  'graphiql',
  '@graphiql/react',
  '@graphiql/plugin-history',
  '@graphiql/toolkit',
  'react',
  'react-dom',
  'graphql',
  'graphql-ws',
];
const COMPRESSED = new Set(['.js', '.css', '.html', '.ttf', '.svg']);
/** Quality 11 takes ten times as long for a tenth less. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

export async function bundleExplorer(folder) {
  const inputs = await hashOfInputs();
  if ((await readManifest(folder))?.inputs === inputs) return;
  const making = `${folder}.making-${process.pid}`;
  await mkdir(making, { recursive: true });
  try {
    const workers = await bundle(making, {
      entryPoints: Object.entries(WORKERS).map(([out, name]) => ({
        out: `${out}.worker`,
        in: resolved(name),
      })),
      format: 'iife',
    });
    const files = Object.fromEntries(
      Object.keys(WORKERS).map((name) => [name, urlOf(workers, `${name}.worker-`, '.js')]),
    );
    const page = await bundle(making, {
      entryPoints: [{ out: 'explorer', in: join(here, 'page/main.jsx') }],
      format: 'esm',
      define: { WORKER_FILES: JSON.stringify(files), 'process.env.NODE_ENV': '"production"' },
    });
    await unpackFonts(making, page);
    const template = await readFile(join(here, 'page/page.html'), 'utf8');
    const html = template
      .replace('{{script}}', urlOf(page, 'explorer-', '.js'))
      .replace('{{style}}', urlOf(page, 'explorer-', '.css'));
    await writeFile(join(making, 'page.html'), html);
    const manifest = { inputs, page: 'page.html', files: await compressAll(making) };
    await writeFile(join(making, 'manifest.json'), JSON.stringify(manifest));
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Names of what was written. */
async function bundle(outdir, options) {
  const { metafile } = await build({
    ...options,
    outdir,
    absWorkingDir: here,
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    loader: { '.ttf': 'file', '.woff2': 'file', '.woff': 'file', '.svg': 'file' },
    publicPath: PUBLIC_PATH,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    legalComments: 'none',
    logLevel: 'error',
  });
  return Object.keys(metafile.outputs).map((file) => basename(file));
}

/** GraphiQL's styles carry their fonts inside: as files they are fetched only when needed, and no `data:` is allowed. */
async function unpackFonts(folder, names) {
  const file = join(folder, basename(urlOf(names, 'explorer-', '.css')));
  const fonts = new Map();
  const css = (await readFile(file, 'utf8')).replace(
    /url\(["']?data:font\/(\w+);base64,([A-Za-z0-9+/=]+)["']?\)/g,
    (_, kind, base64) => {
      const bytes = Buffer.from(base64, 'base64');
      const name = `font-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.${kind}`;
      fonts.set(name, bytes);
      return `url(${PUBLIC_PATH}${name})`;
    },
  );
  for (const [name, bytes] of fonts) await writeFile(join(folder, name), bytes);
  await writeFile(file, css);
}

function urlOf(names, start, end) {
  const name = names.find((candidate) => candidate.startsWith(start) && candidate.endsWith(end));
  if (!name) throw new Error(`The explorer's bundle has no ${start}*${end}`);
  return `${PUBLIC_PATH}${name}`;
}

async function compressAll(folder) {
  const files = {};
  for (const name of (await readdir(folder)).sort()) {
    const content = await readFile(join(folder, name));
    files[name] = { hash: createHash('sha256').update(content).digest('hex').slice(0, 16), encodings: [] };
    if (!COMPRESSED.has(extname(name))) continue;
    const variants = [
      { name: 'br', suffix: '.br', bytes: await promisify(brotliCompress)(content, BROTLI) },
      { name: 'gzip', suffix: '.gz', bytes: await promisify(gzip)(content, { level: 9 }) },
    ];
    for (const { name: encoding, suffix, bytes } of variants) {
      await writeFile(join(folder, `${name}${suffix}`), bytes);
      files[name].encodings.push({ name: encoding, suffix });
    }
  }
  return files;
}

async function hashOfInputs() {
  const hash = createHash('sha256');
  const page = (await readdir(join(here, 'page'))).sort().map((name) => `page/${name}`);
  for (const file of ['bundle.mjs', ...page]) {
    hash.update(await readFile(join(here, file)));
  }
  for (const name of PACKAGES) hash.update(await readFile(manifestOf(name)));
  return hash.digest('hex');
}

async function readManifest(folder) {
  try {
    return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  } catch {
    // Never built, or half: it is built now.
    return undefined;
  }
}

/** The editor comes with GraphiQL, which may keep its own copy of it. */
function resolved(name) {
  return require.resolve(name, { paths: [manifestOf('@graphiql/react'), here] });
}

function manifestOf(name) {
  return require.resolve(`${name}/package.json`, { paths: [here] });
}
