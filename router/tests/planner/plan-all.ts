/**
 * Has the native planner plan the operations of a file, each as the executor would hand it over. Whoever started this process
 * learns from the file's neighbour which one was being planned when the process went down.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { fieldNamesOf, keptApart } from '../../execute/compiled/response-names.ts';
import { withoutIdleConditions } from '../../execute/conditions.ts';
import { nativePlanner } from '../../plan/native.ts';
import { loadSupergraph } from '../../supergraph/load.ts';
import type { Job } from './aborts.ts';

const [file] = process.argv.slice(2) as [string];
const { sdl, operations, from, asTheyAre }: Job = JSON.parse(readFileSync(file, 'utf8'));
const { schema, apiSchema } = loadSupergraph(sdl);
const planner = nativePlanner(sdl)!;
const fieldNames = fieldNamesOf(schema);

for (let index = from; index < operations.length; index++) {
  writeFileSync(`${file}.at`, String(index));
  const document = withoutIdleConditions(parse(operations[index]!), apiSchema);
  const asked = {
    document,
    definition: document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!,
  };
  const planned = asTheyAre ? asked : keptApart(asked, fieldNames);
  try {
    planner.plan(planned.document, planned.definition.name?.value);
  } catch {
    // What it refuses, the other planner plans.
  }
}
