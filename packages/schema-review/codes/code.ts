import type { Area, Level } from '../finding.ts';

export interface Code {
  area: Area;
  /** What it is found at, unless a finding says another. */
  level: Level;
  title: string;
  /** Three lines or so: what it is, why it matters, how to mend it. */
  explain: string;
}

export type Codes = Readonly<Record<string, Code>>;
