/** `schema-review doc`: one page about the supergraph, as a file. */
import { docModel } from '../doc/model.ts';
import { docPage } from '../doc/page.ts';
import { InputError } from '../input-error.ts';
import { keepNothing, keptIn } from '../prepare/kept.ts';
import { type Repository, readRepository } from '../repository.ts';
import { readSettings } from '../settings.ts';
import { takeSnapshot } from '../snapshot.ts';
import { chooseHead } from '../sources/choose.ts';
import type { DocArguments } from './arguments.ts';
import { cacheIn, type Surroundings, writeFile } from './surroundings.ts';

export async function doc(args: DocArguments, around: Surroundings): Promise<0> {
  const { source } = await chooseHead(around.cwd, args.head);
  const settings = await readSettings(source, args.config);
  const repository = await readRepository(source, settings);
  const total = repository.operations.length;
  const snapshot = await takeSnapshot(source.name, repository, {
    kept: args.cache ? keptIn(cacheIn(around.env)) : keepNothing,
    worker: around.worker,
    onPlanned: (done) => around.progress.show({ phase: 'plan', done, total }),
  });
  around.progress.clear();
  const [error] = snapshot.composition.errors;
  if (!snapshot.composed) {
    throw new InputError(
      `${source.name} does not compose, so there is nothing to show: ${error?.message ?? ''} Run check for all of it.`,
    );
  }
  const page = docPage(docModel(snapshot, snapshot.composed, settings.rules, titleOf(repository)));
  await writeFile(around.cwd, args.output, page);
  around.stdout.write(`Wrote ${args.output}\n`);
  return 0;
}

function titleOf({ subgraphs }: Repository): string {
  if (subgraphs.length > 4) return `Supergraph of ${subgraphs.length} subgraphs`;
  return `Supergraph of ${subgraphs.map(({ name }) => name).join(', ')}`;
}
