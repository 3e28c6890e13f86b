import type { OutgoingEvent } from '../events.ts';

export type AttributeKind = 'TEXT' | 'NUMBER' | 'BOOLEAN' | 'CHOICE';

export interface AttributeDocument {
  /** The code. */
  _id: string;
  label: string;
  kind: AttributeKind;
  unit: string | null;
  /** Null unless it is a CHOICE. */
  choices: string[] | null;
  isMultiple: boolean;
  isFacet: boolean;
  version: number;
}

export interface StoredAttribute extends AttributeDocument {
  events: OutgoingEvent[];
}
