/** A shelf of the demo shop: ten things, each in six makings, is sixty products; each comes in three choices. */
export interface Shelf {
  slug: string;
  name: string;
  /** Slug of the shelf above. */
  parent: string;
  description: string;
  brands: readonly string[];
  /** What the shopper chooses, such as size; the three values make the three variants. */
  choice: { name: string; values: readonly [string, string, string] };
  /** How much heavier each choice is than the first. */
  weightFactors: readonly [number, number, number];
  things: readonly Thing[];
  makings: readonly Making[];
}

export interface Thing {
  /** As it stands behind the making in a title: “table lamp”. */
  name: string;
  /** Two sentences on what it is for. */
  purpose: string;
  weightGrams: number;
  sizeMm: readonly [length: number, width: number, height: number];
}

export interface Making {
  /** As it stands at the start of a title: “Pierced brass”. */
  name: string;
  material: string;
  origin: string;
  /** One or two sentences on how it is made. */
  story: string;
  care: string;
}
