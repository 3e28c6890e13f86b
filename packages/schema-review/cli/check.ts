/** `schema-review check`: reads both sides, reviews, and writes what was asked for. */
import { basename, dirname, resolve } from 'node:path';
import { InputError } from '../input-error.ts';
import { findOperation } from '../outputs/cost-lines.ts';
import { countsOf, makeReport, type Report, verdictOf } from '../outputs/report.ts';
import type { OutputOptions } from '../outputs/write.ts';
import { keptIn } from '../prepare/kept.ts';
import { readSettings } from '../settings.ts';
import { folderSource, type Source } from '../source.ts';
import { chooseBase, chooseHead } from '../sources/choose.ts';
import { askGit } from '../sources/git-command.ts';
import type { CheckArguments } from './arguments.ts';
import { cacheIn, isColoured, linkTo, type Surroundings, writeFile } from './surroundings.ts';

/** The exit code. */
export async function check(args: CheckArguments, around: Surroundings): Promise<0 | 1 | 2> {
  const { source, folder } = await chooseHead(around.cwd, args.head);
  const head = await withUsage(source, args.usage, around.cwd);
  const here = folder ?? around.cwd;
  const settings = await readSettings(head, args.config);
  const base = await chooseBase(here, args.base, settings.main, folder ? undefined : args.head);
  // A base from before there were settings is laid out as head is.
  const hasOwn = (await base.read(args.config)) !== undefined;
  const baseSettings = hasOwn ? await readSettings(base, args.config) : settings;
  // Loaded when both sides are there: whoever misspells a ref need not wait for it.
  const { review } = await import('../review.ts');
  const result = await review(base, head, {
    settings: args.usage === undefined ? settings : { ...settings, usage: args.usage },
    baseSettings,
    ...(around.worker && { worker: around.worker }),
    ...(args.cache && { kept: keptIn(cacheIn(around.env)) }),
    onProgress: around.progress.show,
  });
  around.progress.clear();
  const report = makeReport(result, {
    accept: settings.accept,
    failOn: args.failOn ?? settings.failOn,
    all: args.all,
    prefix: (folder && (await askGit(folder, 'rev-parse', '--show-prefix'))) || '',
    milliseconds: performance.now(),
  });
  mustHave(report, args.sideBySide);
  await write(report, args, around);
  return report.exitCode;
}

/** Counts come from whoever watches traffic: the file need not be in the repository. */
async function withUsage(source: Source, file: string | undefined, cwd: string): Promise<Source> {
  if (file === undefined) return source;
  const path = resolve(cwd, file);
  const text = await folderSource(dirname(path)).read(basename(path));
  if (text === undefined)
    throw new InputError(
      `there is no usage file ${file}: correct the path that --usage names, or leave it out.`,
    );
  return { ...source, read: async (wanted) => (wanted === file ? text : source.read(wanted)) };
}

function mustHave({ review: { operations } }: Report, wanted: string | undefined): void {
  if (wanted === undefined || findOperation(operations, wanted)) return;
  const names = operations.slice(0, 10).map(({ client, name }) => `${client}/${name}`);
  throw new InputError(
    `--side-by-side ${wanted} names no operation: there are ${names.join(', ') || 'none'}${operations.length > 10 ? ', …' : ''}.`,
  );
}

async function write(report: Report, args: CheckArguments, around: Surroundings): Promise<void> {
  const { stdout, stderr, env, cwd, version } = around;
  const { formatReport } = await import('../outputs/write.ts');
  const link = linkTo(env, report.prefix);
  for (const { format, file } of args.outputs) {
    const options: OutputOptions = {
      colour: file === undefined && isColoured(stdout, env),
      width: stdout.columns ?? 120,
      version,
      ...(args.sideBySide !== undefined && { sideBySide: args.sideBySide }),
      ...(link && { link }),
    };
    const text = formatReport(report, format, options);
    if (file === undefined) stdout.write(text);
    else await writeFile(cwd, file, text);
  }
  // Whoever looks at the log of a machine sees how it went, too.
  const isTold = args.outputs.some(({ format, file }) => format === 'terminal' && file === undefined);
  if (!isTold) stderr.write(`${countsOf(report)}: ${verdictOf(report)}\n`);
}
