/** Where types, fields, arguments and values stand, by coordinate, in whichever subgraphs have them. */
import {
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type NameNode,
} from 'graphql';
import type { Place } from './finding.ts';

export type SubgraphPlace = Place & { subgraph: string };

export interface Locations {
  /** `Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`, `Type@directive`, `Type.field@directive`. */
  of(coordinate: string, subgraph?: string): SubgraphPlace | undefined;
  all(coordinate: string): readonly SubgraphPlace[];
}

export function locationsOf(documents: ReadonlyMap<string, DocumentNode>): Locations {
  const places = new Map<string, SubgraphPlace[]>();
  for (const [subgraph, document] of documents) {
    const add = (coordinate: string, node: ASTNode & { name: NameNode }) => {
      const known = places.get(coordinate) ?? [];
      const place = placeOf(node.name);
      if (!place || known.some((one) => one.subgraph === subgraph && !coordinate.includes('@'))) return;
      places.set(coordinate, [...known, { subgraph, ...place }]);
    };
    indexDocument(document, add);
  }
  const all = (coordinate: string) => places.get(coordinate) ?? [];
  return {
    all,
    of: (coordinate, subgraph) =>
      subgraph === undefined
        ? all(coordinate)[0]
        : all(coordinate).find((place) => place.subgraph === subgraph),
  };
}

export function placeOf(node: ASTNode): Place | undefined {
  const { loc } = node;
  if (!loc) return undefined;
  const { line, column } = loc.startToken;
  return { file: loc.source.name, line, column, length: loc.end - loc.start };
}

type Add = (coordinate: string, node: ASTNode & { name: NameNode }) => void;

function indexDocument(document: DocumentNode, add: Add): void {
  for (const node of document.definitions) {
    if (node.kind === Kind.DIRECTIVE_DEFINITION) add(`@${node.name.value}`, node);
    if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) continue;
    const type = node.name.value;
    add(type, node);
    addDirectives(type, node.directives, add);
    const members = 'fields' in node ? node.fields : 'values' in node ? node.values : [];
    for (const member of members ?? []) {
      const coordinate = `${type}.${member.name.value}`;
      add(coordinate, member);
      addDirectives(coordinate, member.directives, add);
      if (member.kind !== Kind.FIELD_DEFINITION) continue;
      for (const argument of member.arguments ?? []) {
        const inField = `${coordinate}(${argument.name.value}:)`;
        add(inField, argument);
        addDirectives(inField, argument.directives, add);
      }
    }
  }
}

function addDirectives(coordinate: string, directives: readonly DirectiveNode[] | undefined, add: Add): void {
  for (const directive of directives ?? []) add(`${coordinate}@${directive.name.value}`, directive);
}
