/** What the composer said, as findings: what is wrong in head, and the hints that base did not give. */
import { CODES } from '../codes.ts';
import type { Finding, Place } from '../finding.ts';
import type { Locations, SubgraphPlace } from '../locations.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Complaint } from './complaints.ts';
import { REMEDIES } from './remedies.ts';

export function findComposition(base: Snapshot, head: Snapshot): Finding[] {
  const known = new Set(base.composition.hints.map(identityOf));
  return [
    ...withoutRepeats(head.composition.errors).map((error) => errorFinding(error, head)),
    ...(base.composition.errors.length > 0 ? [baseFinding(base)] : []),
    ...head.composition.hints
      .filter((hint) => !known.has(identityOf(hint)))
      .map((hint) => hintFinding(hint, head)),
  ];
}

const identityOf = ({ code, message }: Complaint): string => `${code} ${message}`;

/** Of what no query could reach, the shortest way there is told, and not every other. */
function withoutRepeats(errors: readonly Complaint[]): Complaint[] {
  const kept = new Map<string, Complaint>();
  for (const error of errors) {
    const key = error.path ? `${error.code} ${error.coordinate}` : identityOf(error);
    const known = kept.get(key);
    if (!known || (error.path?.length ?? 0) < (known.path?.length ?? 0)) kept.set(key, error);
  }
  return [...kept.values()];
}

function errorFinding(error: Complaint, head: Snapshot): Finding {
  const { code, message, path, coordinate } = error;
  const isKnown = code in CODES;
  const remedy = REMEDIES[code];
  const told = path ? `No query gets by ${path.join(' → ')}: ${message}` : message;
  return {
    code: isKnown ? code : 'COMPOSITION_ERROR',
    area: 'composition',
    level: 'breaking',
    message: isKnown ? told : `${code}: ${told}`,
    ...(coordinate !== undefined && { coordinate }),
    ...shown(error, head.locations),
    ...(remedy !== undefined && { remedy }),
    ...(path && { path }),
  };
}

function hintFinding(hint: Complaint, head: Snapshot): Finding {
  const { code, message, coordinate, warns } = hint;
  return {
    code: warns ? 'COMPOSITION_WARNING' : 'COMPOSITION_HINT',
    area: 'composition',
    level: warns ? 'risky' : 'safe',
    message: `${code}: ${message}`,
    ...(coordinate !== undefined && { coordinate }),
    ...shown(hint, head.locations),
  };
}

function baseFinding({ composition: { errors } }: Snapshot): Finding {
  const [first] = errors;
  return {
    code: 'BASE_DOES_NOT_COMPOSE',
    area: 'composition',
    level: 'risky',
    message: `Base does not compose, so that there is nothing to compare with: ${first!.code}: ${first!.message}`,
    remedy: 'Review against a base that composes.',
  };
}

/** Where the composer points to; where it does not, where its coordinate stands, in the subgraph that it names. */
function shown({ places, coordinate, message }: Complaint, locations: Locations) {
  const place = places[0] ?? located(coordinate, message, locations);
  return place ? { subgraph: place.subgraph, place: plain(place) } : {};
}

function located(coordinate: string | undefined, message: string, locations: Locations) {
  const [, named] = /^\[([\w-]+)\]|subgraph "([^"]+)"/.exec(message)?.map((part) => part) ?? [];
  let at = coordinate;
  while (at !== undefined) {
    const place: SubgraphPlace | undefined = locations.of(at, named) ?? locations.of(at);
    if (place) return place;
    // An argument that is not there stands in its field, a field in its type.
    at = at.includes('(') ? at.slice(0, at.indexOf('(')) : at.includes('.') ? at.split('.')[0] : undefined;
  }
  return undefined;
}

const plain = ({ file, line, column, length }: SubgraphPlace): Place => ({
  file,
  line,
  column,
  ...(length !== undefined && { length }),
});
