/** Errors and hints of the composer as plain data, each with every place that it names. */
import type { CompositionSuccess } from '@apollo/composition';
import type { ASTNode, GraphQLError } from 'graphql';
import type { Place } from '../finding.ts';
import { placeOf } from '../locations.ts';

export interface Complaint {
  /** Apollo's. */
  code: string;
  message: string;
  /** Of hints: whether it warns, or only informs. */
  warns: boolean;
  /** Every place that the composer named, in the order of importance. */
  places: (Place & { subgraph: string })[];
  /** What it is about, if the composer said so. */
  coordinate?: string;
  /** Of what no query could reach: the steps that a query would take. */
  path?: string[];
}

type CompositionHint = CompositionSuccess['hints'][number];

/** Hints below are for who debugs the composer. */
const INFO = 40;
const WARN = 60;
/** Two subgraphs describe the same differently: of interest, and no danger to anybody. */
const WORDING = 'INCONSISTENT_DESCRIPTION';

export function complaintOfError(error: GraphQLError): Complaint {
  const path = pathOf(error);
  const message = oneLine(reasonOf(error));
  const coordinate = path?.findLast((step) => !step.startsWith('…')) ?? coordinateIn(message);
  return {
    code: String(error.extensions?.code ?? 'UNEXPECTED'),
    message,
    warns: true,
    places: placesOf(error.nodes),
    ...(coordinate !== undefined && { coordinate }),
    ...(path && { path }),
  };
}

export function complaintOfHint({ definition, message, nodes, coordinate }: CompositionHint): Complaint[] {
  if (definition.level.value < INFO) return [];
  const about = coordinate ?? coordinateIn(message);
  return [
    {
      code: definition.code,
      message: oneLine(message),
      warns: definition.level.value >= WARN && definition.code !== WORDING,
      places: placesOf(nodes),
      ...(about !== undefined && { coordinate: about }),
    },
  ];
}

function placesOf(nodes: readonly ASTNode[] | undefined): Complaint['places'] {
  return (nodes ?? []).flatMap((node) => {
    const place = placeOf('name' in node && node.name ? node.name : node);
    const subgraph = (node as ASTNode & { subgraph?: string }).subgraph ?? '';
    return place ? [{ subgraph, ...place }] : [];
  });
}

/** The first that is quoted; names of subgraphs are quoted as well, and begin with no capital. */
function coordinateIn(message: string): string | undefined {
  // Of something hidden, what shows it.
  const text = message.split('is referenced by ').at(-1)!;
  const [, coordinate] =
    /"(?:\[\w+\] )?([A-Z]\w*(?:\.\w+(?:\(\w+:\))?)?|[a-z_]\w*\.\w+(?:\(\w+:\))?)"/.exec(text) ?? [];
  return coordinate;
}

export const oneLine = (text: string): string => text.replace(/(^|\s*\n)\s*(?:- )?/g, ' ').trim();

/** The part after the query: the path says the same in fewer words. */
function reasonOf({ message }: GraphQLError): string {
  const [, reasons] = message.split('cannot be satisfied by the subgraphs because:\n');
  return reasons ?? message;
}

interface Edge {
  transition: { kind: string; definition?: { coordinate: string }; castedType?: { name: string } };
}

/** `Query.orders`, `… on Order`, `Order.payments`. */
function pathOf({ originalError }: GraphQLError): string[] | undefined {
  const { supergraphUnsatisfiablePath: path } = (originalError ?? {}) as {
    supergraphUnsatisfiablePath?: Iterable<[Edge, ...unknown[]]>;
  };
  if (path === undefined) return undefined;
  return [...path].flatMap(([{ transition }]) => {
    if (transition.definition) return [transition.definition.coordinate];
    return transition.castedType ? [`… on ${transition.castedType.name}`] : [];
  });
}
