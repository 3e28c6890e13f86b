/** What a review finds, as plain data: every output is made of it. */

export type Level = 'breaking' | 'risky' | 'safe';

export type Area = 'composition' | 'change' | 'cost' | 'auth' | 'rule' | 'contract';

/** Lines and columns count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
  length?: number;
}

/** Where a registered operation uses what a finding is about. */
export interface Use {
  client: string;
  operation: string;
  file: string;
  line: number;
  column: number;
  /** Requests, from the usage file. */
  count?: number;
}

export interface Finding {
  /** From the one table, codes.ts. */
  code: string;
  area: Area;
  level: Level;
  /** One line: what, and why. */
  message: string;
  /** `Type`, `Type.field` or `Type.field(argument:)`. */
  coordinate?: string;
  subgraph?: string;
  /** In head if it is still there, else in base. */
  place?: Place;
  base?: Place;
  /** Empty: the registered operations were weighed, and none uses it. */
  usedBy?: Use[];
  remedy?: string;
  /** The steps by which a query gets there: `Query.orders`, `… on Order`, `Order.payments`. */
  path?: string[];
  /** The contract variant it was found in; the whole when not said. */
  variant?: string;
}
