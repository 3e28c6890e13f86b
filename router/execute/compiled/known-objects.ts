/**
 * Objects of one shape in one answer. Subgraphs say the same of one object wherever it stands, so that one with the same
 * text is the same row, and what is below it need not be read again.
 */
import { type Row, TEXT } from './values.ts';

interface Known {
  row: Row;
  text: string;
}

/** A type's name and enough of a UUID behind it. */
const BEGINNING = 48;
/** Where objects are all different, looking for the same costs a fifth of reading them. */
const FIRST_LOOKS = 16;
const FOUND_OF = 4;

export class KnownObjects {
  /** The last one that began so. */
  private readonly byBeginning = new Map<string, Known>();
  private readonly text: string;
  private looks = 0;
  private found = 0;

  constructor(text: string) {
    this.text = text;
  }

  isWorthLooking(): boolean {
    return this.looks < FIRST_LOOKS || this.found * FOUND_OF >= this.looks;
  }

  find(start: number): Known | undefined {
    this.looks++;
    const known = this.byBeginning.get(this.beginning(start));
    // Pieces of equal length are compared as memory is; `startsWith` would go character by character.
    if (known === undefined || this.text.slice(start, start + known.text.length) !== known.text)
      return undefined;
    this.found++;
    known.row[TEXT] ??= '';
    return known;
  }

  keep(row: Row, start: number, end: number): void {
    this.byBeginning.set(this.beginning(start), { row, text: this.text.slice(start, end) });
  }

  /** Short objects are followed by others. */
  private beginning(start: number): string {
    return this.text.slice(start, Math.min(this.text.indexOf('}', start), start + BEGINNING));
  }
}
