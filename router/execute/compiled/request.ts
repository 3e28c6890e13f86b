/** What is sent for a step: text that is ready but for its variables. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import type { EntityFetch, EntityPart, RootFetch } from '../../plan/plan.ts';
import { wireJson } from '../wire-text.ts';

export interface Request {
  document: DocumentNode;
  /** The operation's. */
  text: string;
  /** Wire text before, and after, the members of `variables`. */
  before: string;
  after: string;
  /** Of the client. */
  variables: readonly string[];
}

/** A step whose fetches are one document. */
export interface Joined {
  request: Request;
  parts: readonly JoinedPart[];
}

export interface JoinedPart {
  part: EntityPart;
  /** What it selects of entities. */
  selection: FieldNode;
}

/** A variable of the client that has the name of one of ours. */
export class NameTaken extends Error {
  override name = 'NameTaken';
}

export function rootRequest(fetch: RootFetch): Request {
  return requestOf(parse(fetch.operation, { noLocation: true }), fetch.operation, fetch);
}

export function joinedRequest(fetches: readonly EntityFetch[]): Joined {
  const documents = fetches.map(({ operation }) => parse(operation, { noLocation: true }));
  const parts = fetches.flatMap((fetch) => fetch.parts);
  const variables = [...new Set(fetches.flatMap((fetch) => fetch.variables))];
  const [first] = fetches as [EntityFetch, ...EntityFetch[]];
  if (fetches.length === 1) {
    checkNames(variables, parts);
    const request = requestOf(documents[0]!, first.operation, first);
    return { request, parts: joinedParts(documents[0]!, parts) };
  }
  const own = fetches.map((fetch, index) => ownNames(documents[index]!, fetch, index));
  const renamed = own.flatMap(({ parts }) => parts);
  checkNames(variables, renamed);
  const document = oneDocument(own.map(({ document }) => document));
  const text = stripIgnoredCharacters(print(document));
  const request = requestOf(document, text, { ...first, operationName: undefined, variables });
  return { request, parts: joinedParts(document, renamed) };
}

function requestOf(
  document: DocumentNode,
  text: string,
  { operationName, variables }: { operationName?: string | undefined; variables: readonly string[] },
): Request {
  const name = operationName === undefined ? '' : `,"operationName":${wireJson(operationName)}`;
  return {
    document,
    text,
    before: `{"query":${wireJson(text)},"variables":{`,
    after: `}${name}}`,
    variables,
  };
}

function checkNames(variables: readonly string[], parts: readonly EntityPart[]): void {
  const taken = parts.find(({ variable }) => variables.includes(variable));
  if (taken) throw new NameTaken(taken.variable);
}

function joinedParts(document: DocumentNode, parts: readonly EntityPart[]): JoinedPart[] {
  const fields = operationOf(document).selectionSet.selections as readonly FieldNode[];
  return parts.map((part) => ({
    part,
    selection: fields.find(({ alias, name }) => (alias?.value ?? name.value) === part.alias)!,
  }));
}

/** Names that no other document of the same request has. */
function ownNames(
  document: DocumentNode,
  { parts }: EntityFetch,
  index: number,
): { document: DocumentNode; parts: EntityPart[] } {
  const variables = parts.map(({ variable }) => variable);
  const renamed = visit(document, {
    Variable: (node) =>
      variables.includes(node.name.value) ? { ...node, name: suffixed(node.name.value) } : undefined,
    FragmentSpread: (node) => ({ ...node, name: suffixed(node.name.value) }),
    FragmentDefinition: (node) => ({ ...node, name: suffixed(node.name.value) }),
    OperationDefinition: (node) => ({
      ...node,
      selectionSet: {
        ...node.selectionSet,
        selections: node.selectionSet.selections.map((field) =>
          field.kind === Kind.FIELD
            ? { ...field, alias: suffixed(field.alias?.value ?? field.name.value) }
            : field,
        ),
      },
    }),
  });
  return {
    document: renamed,
    parts: parts.map((part) => ({
      ...part,
      alias: `${part.alias}_${index}`,
      variable: `${part.variable}_${index}`,
    })),
  };

  function suffixed(value: string) {
    return { kind: Kind.NAME, value: `${value}_${index}` } as const;
  }
}

function oneDocument(documents: readonly DocumentNode[]): DocumentNode {
  const operations = documents.map(operationOf);
  const definitions = new Map(
    operations.flatMap(({ variableDefinitions = [] }) =>
      variableDefinitions.map((node) => [node.variable.name.value, node] as const),
    ),
  );
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: operations[0]!.operation,
    variableDefinitions: [...definitions.values()],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: operations.flatMap(({ selectionSet }) => selectionSet.selections),
    },
  };
  const fragments = documents.flatMap(({ definitions }) =>
    definitions.filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION),
  );
  return { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
}

export function operationOf(document: DocumentNode): OperationDefinitionNode {
  return document.definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )!;
}
