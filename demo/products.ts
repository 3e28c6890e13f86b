/** The 600 products of the demo shop with their 1,800 variants, as plain data in the words of the catalog's inputs. */
import { createRandom } from './random.ts';
import type { Making, Shelf, Thing } from './shelves/shelf.ts';
import { shelves } from './shelves/shelves.ts';

export interface DemoVariant {
  sku: string;
  choice: string;
  weightGrams: number;
  dimensions: { lengthMm: number; widthMm: number; heightMm: number };
  /** EAN-13 in the range that GS1 keeps for use inside a shop. */
  barcode: string;
}

export interface DemoProduct {
  slug: string;
  title: string;
  /** What it is, in a sentence: “table lamp”. */
  thing: string;
  brand: string;
  description: string;
  categorySlug: string;
  attributes: { code: string; values: string[] }[];
  option: { name: string; values: readonly string[] };
  variants: DemoVariant[];
  /** What the cover's alternative text says. */
  coverAlt: string;
}

/** The attributes that the products carry; `choices` are collected from the shelves. */
export const demoAttributes = [
  { code: 'material', label: 'Material', kind: 'CHOICE', isFacet: true },
  { code: 'origin', label: 'Made in', kind: 'CHOICE', isFacet: true },
  { code: 'care', label: 'Care', kind: 'TEXT', isFacet: false },
  { code: 'handmade', label: 'Made by hand', kind: 'BOOLEAN', isFacet: true },
] as const;

export function choicesOf(code: 'material' | 'origin'): string[] {
  return [...new Set(shelves.flatMap((shelf) => shelf.makings.map((making) => making[code])))].sort();
}

export function demoProducts(): DemoProduct[] {
  const random = createRandom(1001);
  const products = shelves.flatMap((shelf) =>
    shelf.things.flatMap((thing) => shelf.makings.map((making) => ({ shelf, thing, making }))),
  );
  // Shuffled, so that the newest products of the shop are not all of one shelf.
  return random
    .shuffled(products)
    .map((parts, index) => describe(parts.shelf, parts.thing, parts.making, index));
}

function describe(shelf: Shelf, thing: Thing, making: Making, index: number): DemoProduct {
  const title = `${making.name} ${thing.name}`;
  const skuStem = `${shelf.slug.slice(0, 3).toUpperCase()}-${String(index + 1).padStart(4, '0')}`;
  return {
    slug: slugOf(title),
    title,
    thing: thing.name,
    brand: shelf.brands[index % shelf.brands.length]!,
    description: `${thing.purpose}\n\n${making.story} From ${making.origin}.\n\n**Care.** ${making.care}`,
    categorySlug: shelf.slug,
    attributes: [
      { code: 'material', values: [making.material] },
      { code: 'origin', values: [making.origin] },
      { code: 'care', values: [making.care] },
      { code: 'handmade', values: ['true'] },
    ],
    option: shelf.choice,
    variants: shelf.choice.values.map((choice, number) => ({
      sku: `${skuStem}-${number + 1}`,
      choice,
      weightGrams: Math.round(thing.weightGrams * shelf.weightFactors[number]!),
      dimensions: grown(thing.sizeMm, shelf.weightFactors[number]!),
      barcode: ean13(`29${String(index * 3 + number).padStart(10, '0')}`),
    })),
    coverAlt: `${title}, drawn in the colours of ${making.origin}`,
  };
}

/** Weight grows with volume, so each side with its cube root. */
function grown([length, width, height]: Thing['sizeMm'], factor: number): DemoVariant['dimensions'] {
  const side = Math.cbrt(factor);
  return {
    lengthMm: Math.round(length * side),
    widthMm: Math.round(width * side),
    heightMm: Math.round(height * side),
  };
}

function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll('’', '')
    .replace(/[^a-z0-9]+/g, '-');
}

function ean13(twelveDigits: string): string {
  const sum = [...twelveDigits].reduce((total, digit, i) => total + Number(digit) * (i % 2 ? 3 : 1), 0);
  return `${twelveDigits}${(10 - (sum % 10)) % 10}`;
}
