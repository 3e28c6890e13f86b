/** Where types, fields, arguments and values stand, by coordinate, in whichever subgraphs have them. */
import {
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type NameNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';
import type { Place } from './finding.ts';

export type SubgraphPlace = Place & { subgraph: string };

export interface Locations {
  /**
   * `Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`, `@directive`, `Type@directive`, `Type.field@directive`.
   * Where several have it, the one that says most of it.
   */
  of(coordinate: string, subgraph?: string): SubgraphPlace | undefined;
  /** Those that say most of it come first. */
  all(coordinate: string): readonly SubgraphPlace[];
}

interface Found {
  place: SubgraphPlace;
  /** A stub says little of its type, and what is external little of its field. */
  says: number;
}

export function locationsOf(documents: ReadonlyMap<string, DocumentNode>): Locations {
  const found = new Map<string, Found[]>();
  for (const [subgraph, document] of documents) {
    indexDocument(document, (coordinate, node, says = 1) => {
      const place = placeOf(node.name);
      if (!place) return;
      const known = found.get(coordinate) ?? [];
      known.push({ place: { subgraph, ...place }, says });
      found.set(coordinate, known);
    });
  }
  const all = (coordinate: string) =>
    (found.get(coordinate) ?? []).toSorted((a, b) => b.says - a.says).map(({ place }) => place);
  return {
    all,
    of: (coordinate, subgraph) =>
      all(coordinate).find((place) => subgraph === undefined || place.subgraph === subgraph),
  };
}

export function placeOf(node: ASTNode): Place | undefined {
  const { loc } = node;
  if (!loc) return undefined;
  const { line, column } = loc.startToken;
  return { file: loc.source.name, line, column, length: loc.end - loc.start };
}

type Add = (coordinate: string, node: ASTNode & { name: NameNode }, says?: number) => void;

function indexDocument(document: DocumentNode, add: Add): void {
  for (const node of document.definitions) {
    if (node.kind === Kind.DIRECTIVE_DEFINITION) add(`@${node.name.value}`, node);
    if (isTypeDefinitionNode(node) || isTypeExtensionNode(node)) indexType(node, add);
  }
}

function indexType(node: TypeDefinitionNode | TypeExtensionNode, add: Add): void {
  const type = node.name.value;
  const members = ('fields' in node ? node.fields : 'values' in node ? node.values : undefined) ?? [];
  add(type, node, members.length);
  addDirectives(type, node.directives, add);
  for (const member of members) {
    const coordinate = `${type}.${member.name.value}`;
    const isExternal = member.directives?.some(({ name }) => /(^|_)external$/.test(name.value));
    add(coordinate, member, isExternal ? 0 : 1);
    addDirectives(coordinate, member.directives, add);
    if (member.kind !== Kind.FIELD_DEFINITION) continue;
    for (const argument of member.arguments ?? []) {
      const inField = `${coordinate}(${argument.name.value}:)`;
      add(inField, argument);
      addDirectives(inField, argument.directives, add);
    }
  }
}

function addDirectives(coordinate: string, directives: readonly DirectiveNode[] | undefined, add: Add): void {
  for (const directive of directives ?? []) add(`${coordinate}@${directive.name.value}`, directive);
}
