/** What --base and --head mean: an existing folder is that folder, anything else is a git ref. */
import { stat } from 'node:fs/promises';
import { InputError } from '../input-error.ts';
import { folderSource, type Source } from '../source.ts';
import { commitOf, gitSource, isShallow, mustBeInRepository } from './git.ts';
import { askGit } from './git-command.ts';

export interface Choice {
  source: Source;
  /** Where the files can be opened; undefined for a git ref. */
  folder?: string;
}

/** `here` is the folder that refs are looked up from. */
export async function chooseHead(here: string, head: string | undefined): Promise<Choice> {
  if (head === undefined) return { source: folderSource(here, 'the work tree'), folder: here };
  if (await isFolder(head)) return { source: folderSource(head), folder: head };
  if (/[/\\]$|^\.{1,2}[/\\]|^\//.test(head)) {
    throw new InputError(`folder ${head} does not exist: check the path that --head names.`);
  }
  return { source: await gitSource(here, head) };
}

export async function chooseBase(
  here: string,
  base: string | undefined,
  main: string,
  head: string | undefined,
): Promise<Source> {
  const isRef = head !== undefined && !(await isFolder(head));
  if (base === undefined) return mergeBaseWith(main, here, isRef ? head : 'HEAD');
  if (await isFolder(base)) return folderSource(base);
  if (/[/\\]$|^\.{1,2}[/\\]|^\//.test(base)) {
    throw new InputError(`folder ${base} does not exist: check the path that --base names.`);
  }
  return gitSource(here, base);
}

/** What the branch had of main when it left it: changes that main made since are not the branch's. */
async function mergeBaseWith(main: string, here: string, head: string): Promise<Source> {
  await mustBeInRepository(here);
  await commitOf(here, head);
  for (const branch of [`origin/${main}`, main]) {
    const base = await askGit(here, 'merge-base', branch, head);
    if (base) return gitSource(here, base, `${base.slice(0, 8)}, where this left ${branch}`);
  }
  if (await isShallow(here)) {
    throw new InputError(
      `the shallow clone in ${here} has no commit in common with ${main}: fetch it with \`git fetch --unshallow origin\` (in a GitHub workflow: actions/checkout with fetch-depth: 0), or name a base with --base.`,
    );
  }
  throw new InputError(
    `there is no branch ${main} to compare with in ${here}: run \`git fetch origin ${main}\`, name a base with --base, or set \`main\` in schema-review.yaml.`,
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Not there: then it is meant as a ref, and git says whether there is one.
    return false;
  }
}
