/** What composing a repository's subgraphs gave. */
import type { Place } from '../finding.ts';

export interface Composition {
  /** Not there if it does not compose. */
  supergraphSdl?: string;
  apiSdl?: string;
  errors: Complaint[];
  hints: Complaint[];
}

export interface Complaint {
  code: string;
  message: string;
  /** Every place that the composer named, in the order of importance. */
  places: (Place & { subgraph: string })[];
  /** Types and fields that it is about, if the composer said so. */
  coordinate?: string;
  /** For what no query could reach: the steps that a query would take. */
  path?: string[];
}
