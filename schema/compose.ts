/** `npm run compose`: reads supergraph.yaml, composes what it names and writes schema/supergraph.graphql. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { composeServices } from '@apollo/composition';
import { GraphQLError, parse, Source } from 'graphql';
import { parse as parseYaml } from 'yaml';

interface SupergraphConfig {
  subgraphs: Record<string, { routing_url: string; schema: { file: string } }>;
}

const CONFIG = resolve('supergraph.yaml');
const OUTPUT = resolve('schema/supergraph.graphql');

const { subgraphs } = parseYaml(readFileSync(CONFIG, 'utf8')) as SupergraphConfig;
const services = Object.entries(subgraphs).map(([name, { routing_url: url, schema }]) => ({
  name,
  url,
  typeDefs: parseSdl(join(dirname(CONFIG), schema.file)),
}));
const { supergraphSdl, errors, hints } = composeServices(services);
for (const hint of hints ?? []) console.warn(`hint ${hint.definition.code}: ${hint.message}`);
if (errors)
  fail(errors.map((error) => `${error.extensions?.code ?? 'ERROR'}: ${error.message}`).join('\n\n'));
writeFileSync(
  OUTPUT,
  `# Written by \`npm run compose\` out of supergraph.yaml. Do not edit.\n${supergraphSdl}`,
);
console.log(`Composed ${services.map(({ name }) => name).join(', ')} into schema/supergraph.graphql`);

function parseSdl(file: string) {
  try {
    return parse(new Source(readFileSync(file, 'utf8'), file), { noLocation: false });
  } catch (error) {
    // Either the file is not there, which the message says, or it does not parse, which toString() shows in place.
    fail(error instanceof GraphQLError ? error.toString() : (error as Error).message);
  }
}

function fail(message: string): never {
  console.error(`The supergraph does not compose:\n\n${message}`);
  process.exit(1);
}
