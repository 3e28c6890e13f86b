/** A git ref as a source: read out of git's own store, so that nothing is checked out. */
import { posix } from 'node:path';
import { InputError } from '../input-error.ts';
import { refuseHuge, type Source } from '../source.ts';
import { askGit, git } from './git-command.ts';

interface Blob {
  hash: string;
  bytes: number;
  isLink: boolean;
}

const MAX_LINKS = 8;

/** `folder` is where supergraph.yaml is in the work tree: the repository's root or a folder in it. */
export async function gitSource(folder: string, ref: string, name?: string): Promise<Source> {
  await mustBeInRepository(folder);
  const commit = await commitOf(folder, ref);
  const tree = await treeOf(folder, commit);
  const load = batched((hashes) => readBlobs(folder, hashes));
  const short = commit.slice(0, 8);
  const label = name ?? (commit.startsWith(ref) ? short : `${ref} (${short})`);

  async function read(path: string, links = 0): Promise<string | undefined> {
    const blob = tree.get(posix.normalize(path));
    if (!blob) return undefined;
    refuseHuge(path, blob.bytes, label);
    const text = await load(blob.hash);
    if (!blob.isLink) return text;
    return links < MAX_LINKS ? read(posix.join(posix.dirname(path), text), links + 1) : undefined;
  }

  return {
    name: label,
    read: (path) => read(path),
    list: async (below) => {
      const start = posix.normalize(below).replace(/\/$/, '');
      return [...tree.keys()].filter((path) => start === '.' || path.startsWith(`${start}/`)).sort();
    },
  };
}

export async function mustBeInRepository(folder: string): Promise<void> {
  if ((await askGit(folder, 'rev-parse', '--is-inside-work-tree')) === 'true') return;
  throw new InputError(
    `${folder} is not in a git repository, so there is no ref to read: name a folder with --base instead.`,
  );
}

export async function commitOf(folder: string, ref: string): Promise<string> {
  const commit = await askGit(
    folder,
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${ref}^{commit}`,
  );
  if (commit) return commit;
  if (await isShallow(folder)) {
    throw new InputError(
      `git ref ${ref} is not in this shallow clone of ${folder}: fetch it with \`git fetch --unshallow origin\` (in a GitHub workflow: actions/checkout with fetch-depth: 0).`,
    );
  }
  throw new InputError(
    `git ref ${ref} does not exist in ${folder}: check the spelling, run \`git fetch origin\`, or name a folder.`,
  );
}

export async function isShallow(folder: string): Promise<boolean> {
  return (await askGit(folder, 'rev-parse', '--is-shallow-repository')) === 'true';
}

/** Run in the folder, ls-tree lists what is below it, with paths from there. */
async function treeOf(folder: string, commit: string): Promise<Map<string, Blob>> {
  const { ok, output, complaint } = await git(folder, ['ls-tree', '-r', '-l', '-z', commit]);
  if (!ok) throw new InputError(`git cannot list ${commit} in ${folder}: ${complaint}`);
  const files = new Map<string, Blob>();
  for (const entry of output.toString().split('\0')) {
    const match = /^(\d+) blob (\w+) +(\d+)\t(.+)$/s.exec(entry);
    if (!match) continue;
    const [, mode, hash, bytes, path] = match as unknown as [string, string, string, string, string];
    files.set(path, { hash, bytes: Number(bytes), isLink: mode === '120000' });
  }
  return files;
}

/** Everything asked for in one turn is one git process. */
function batched(loadAll: (keys: string[]) => Promise<Map<string, string>>) {
  let pending: { keys: Set<string>; answer: Promise<Map<string, string>> } | undefined;
  return async (key: string): Promise<string> => {
    if (!pending) {
      const keys = new Set<string>();
      pending = {
        keys,
        answer: new Promise((resolve) => setImmediate(resolve)).then(() => {
          pending = undefined;
          return loadAll([...keys]);
        }),
      };
    }
    pending.keys.add(key);
    return (await pending.answer).get(key) ?? '';
  };
}

async function readBlobs(folder: string, hashes: string[]): Promise<Map<string, string>> {
  const { ok, output, complaint } = await git(folder, ['cat-file', '--batch'], `${hashes.join('\n')}\n`);
  if (!ok) throw new InputError(`git cannot read from ${folder}: ${complaint}`);
  const texts = new Map<string, string>();
  let at = 0;
  while (at < output.length) {
    const endOfHeader = output.indexOf(10, at);
    const [hash = '', kind, bytes] = output.subarray(at, endOfHeader).toString().split(' ');
    if (kind !== 'blob') {
      throw new InputError(
        `git has no content for ${hash} in ${folder}: this partial clone lacks it, fetch it with \`git fetch --refetch origin\`.`,
      );
    }
    const start = endOfHeader + 1;
    texts.set(hash, output.subarray(start, start + Number(bytes)).toString('utf8'));
    at = start + Number(bytes) + 1;
  }
  return texts;
}
