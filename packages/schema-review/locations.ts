/** Where types, fields, arguments and values stand, by coordinate, in whichever subgraphs have them. */
import type { Place } from './finding.ts';

export interface Locations {
  /** `Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`, `Type@directive`, `Type.field@directive`. */
  of(coordinate: string, subgraph?: string): (Place & { subgraph: string }) | undefined;
  all(coordinate: string): (Place & { subgraph: string })[];
}
