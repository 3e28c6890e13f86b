/** Puts what was built into its folder without breaking a process that runs from there. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * A process that started on the files of the last build goes on to load some of them for a few seconds, such as what
 * only its threads need. What no build has made for so long is nobody's any more.
 */
const KEEP_MS = 10 * 60_000;
/** Since when which files have been unused. */
const NOTES = 'unused.json';
const OURS = /\.(?:js|js\.map|tmp)$/;

/** `outputs` are esbuild's, `entries` the names that others load: they come last, when what they load is there. */
export function placeOutputs(folder, outputs, entries, { now = Date.now(), keepMs = KEEP_MS } = {}) {
  mkdirSync(folder, { recursive: true });
  const isEntry = ({ path }) => entries.includes(basename(path).replace(/\.js(\.map)?$/, ''));
  for (const output of [...outputs].sort((a, b) => isEntry(a) - isEntry(b))) place(output);
  removeUnused(folder, new Set(outputs.map(({ path }) => basename(path))), now - keepMs, now);
}

/** Whole or not at all: a process may be reading. What is the same already is left alone. */
function place({ path, contents }) {
  if (readIfThere(path)?.equals(contents)) return;
  const making = `${path}.${process.pid}.tmp`;
  writeFileSync(making, contents);
  renameSync(making, path);
}

function removeUnused(folder, used, before, now) {
  const notes = join(folder, NOTES);
  const noted = JSON.parse(readIfThere(notes)?.toString() ?? '{}');
  const unused = {};
  for (const name of readdirSync(folder)) {
    if (!OURS.test(name) || used.has(name)) continue;
    const since = noted[name] ?? now;
    if (since <= before) rmSync(join(folder, name), { force: true });
    else unused[name] = since;
  }
  place({ path: notes, contents: Buffer.from(JSON.stringify(unused, null, 2)) });
}

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    // The first build in this folder, or another one has just tidied it.
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
