/** Programs of tests as one file each, packages and all: they start in a third of the time. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const FLAGS = [
  ...['--bundle', '--platform=node', '--format=esm', '--log-level=error'],
  // For packages that are no ES modules.
  "--banner:js=import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  // What the drivers load only if it is there.
  ...['kerberos', 'snappy', 'socks', 'aws4', 'gcp-metadata', 'mongodb-client-encryption'],
  ...['@mongodb-js/zstd', '@aws-sdk/*', 'pg-native', '@opentelemetry/*'],
].map((flag) => (flag.startsWith('--') ? flag : `--external:${flag}`));

/** `source` is a path from here; answers the bundle's. */
export function bundled(source: string): string {
  const from = fileURLToPath(new URL(source, import.meta.url));
  const to = fileURLToPath(new URL(`../dist/${basename(source, '.ts')}.js`, import.meta.url));
  const esbuild = createRequire(import.meta.url).resolve('esbuild/bin/esbuild');
  execFileSync(esbuild, [from, `--outfile=${to}`, ...FLAGS]);
  return to;
}
