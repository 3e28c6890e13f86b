/** Registered operations: `<folder>/<client>/**.graphql`. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  print,
  visit,
} from 'graphql';
import { InputError } from '../input-error.ts';
import type { Source } from '../source.ts';
import { parseGraphql } from './parse.ts';
import type { Operation } from './types.ts';

/** More than any router takes in one operation. */
const MAX_TOKENS = 50_000;

/** Of operations that stand in no client's folder. */
export const NO_CLIENT = 'all';

interface File {
  client: string;
  file: string;
  source: string;
  document: DocumentNode;
}

export async function readOperations(source: Source, folder: string): Promise<Operation[]> {
  const paths = (await source.list(folder)).filter((path) => /\.(graphql|gql)$/.test(path));
  const files = await Promise.all(paths.map((path) => readOne(source, folder, path)));
  const clients = new Map<string, File[]>();
  for (const file of files) clients.set(file.client, [...(clients.get(file.client) ?? []), file]);
  return [...clients.values()].flatMap((ofClient) => operationsOf(ofClient, source.name));
}

async function readOne(source: Source, folder: string, path: string): Promise<File> {
  const text = (await source.read(path)) ?? '';
  const document = parseGraphql(text, path, { where: source.name, maxTokens: MAX_TOKENS });
  const [client, ...rest] = path.slice(folder.replace(/\/?$/, '/').length).split('/');
  return { client: rest.length > 0 ? client! : NO_CLIENT, file: path, source: text, document };
}

function operationsOf(files: File[], where: string): Operation[] {
  const fragments = fragmentsOf(files, where);
  const operations = new Map<string, Operation>();
  for (const { client, file, source, document } of files) {
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) continue;
      const line = node.loc?.startToken.line ?? 1;
      if (node.kind !== Kind.OPERATION_DEFINITION)
        throw new InputError(
          `${file}:${line} in ${where} is not an operation but SDL: operations alone belong there.`,
        );
      if (!node.name)
        throw new InputError(
          `${file}:${line} in ${where} has no name: name the operation, so that it can be told.`,
        );
      const name = node.name.value;
      const known = operations.get(name);
      if (known)
        throw new InputError(
          `${file}:${line} and ${known.file} in ${where} both call an operation of ${client} ${name}: rename one of them.`,
        );
      operations.set(name, { client, name, file, source, document: withFragments(node, fragments) });
    }
  }
  return [...operations.values()];
}

function fragmentsOf(files: File[], where: string): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const { client, file, document } of files) {
    for (const node of document.definitions) {
      if (node.kind !== Kind.FRAGMENT_DEFINITION) continue;
      const known = fragments.get(node.name.value);
      if (known && print(known) !== print(node))
        throw new InputError(
          `${file} and ${known.loc?.source.name} in ${where} have different fragments ${node.name.value} for ${client}: rename one.`,
        );
      fragments.set(node.name.value, known ?? node);
    }
  }
  return fragments;
}

function withFragments(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode {
  const needed = new Set<FragmentDefinitionNode>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (!fragment || needed.has(fragment)) return;
        needed.add(fragment);
        collect(fragment);
      },
    });
  };
  collect(operation);
  return { kind: Kind.DOCUMENT, definitions: [operation, ...needed] };
}
