/** Options of a product and the combinations of them that are for sale. */

import { exhausted, invalid, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import { singleLine } from '@souk/kit/values/text-values';
import type { ProductOption, SelectedOption, VariantDocument } from '../store/product-document.ts';
import type { CatalogErrorCode } from './error-codes.ts';
import { checkMedia, type TypedMedia } from './media.ts';
import { type CatalogRefusal, invalidValue, type Path } from './refusals.ts';
import type { Services } from './services.ts';

export const MAX_VARIANTS = 250;
const MAX_OPTIONS = 3;
const MAX_OPTION_VALUES = 100;
const MAX_NAME = 60;
const MAX_SKU = 64;
const MAX_GRAMS = 1_000_000;
const MAX_MM = 20_000;

export interface TypedOption {
  name: string;
  values: readonly string[];
}

export interface TypedDimensions {
  lengthMm: number;
  widthMm: number;
  heightMm: number;
}

/** What describes a variant beside its options; parts that are left out stay, null ones are removed. */
export interface TypedVariantFacts {
  sku?: string | null | undefined;
  barcode?: string | null | undefined;
  weightGrams?: number | null | undefined;
  dimensions?: TypedDimensions | null | undefined;
  image?: TypedMedia | null | undefined;
}

export interface TypedVariant extends TypedVariantFacts {
  sku: string;
  options: readonly SelectedOption[];
}

type VariantServices = Pick<Services, 'newId' | 'publicUrl' | 'mediaHosts'>;

export function checkOptions(
  typed: readonly TypedOption[],
  path: Path,
): Result<ProductOption[], CatalogErrorCode> {
  if (typed.length > MAX_OPTIONS) {
    return refused(exhausted('LIMIT_REACHED', `A product has at most ${MAX_OPTIONS} options`, path));
  }
  const errors: CatalogRefusal[] = [];
  const options = typed.map((option, index) => {
    const name = singleLine(option.name, MAX_NAME);
    const values = option.values.map((value) => singleLine(value, MAX_NAME));
    if (name === undefined || values.includes(undefined)) {
      const rule = `Options and their values are one line of 1 to ${MAX_NAME} characters`;
      errors.push(invalidValue(rule, [...path, index]));
    } else if (values.length === 0 || values.length > MAX_OPTION_VALUES) {
      errors.push(invalidValue(`An option has 1 to ${MAX_OPTION_VALUES} values`, [...path, index, 'values']));
    } else if (new Set(values).size < values.length) {
      errors.push(invalidValue(`“${name}” has a value twice`, [...path, index, 'values']));
    }
    return { name: name ?? '', values: values as string[] };
  });
  if (errors.length === 0 && new Set(options.map(({ name }) => name)).size < options.length) {
    errors.push(invalidValue('Two options have the same name', path));
  }
  return errors.length > 0 ? refused(...errors) : ok(options);
}

/** A new variant, which may take its place beside those that the product has. */
export function checkVariant(
  services: VariantServices,
  typed: TypedVariant,
  product: { options: readonly ProductOption[]; variants: readonly VariantDocument[] },
  path: Path,
): Result<VariantDocument, CatalogErrorCode> {
  if (product.variants.length >= MAX_VARIANTS) {
    return refused(exhausted('LIMIT_REACHED', `A product has at most ${MAX_VARIANTS} variants`, path));
  }
  const facts = checkVariantFacts(services, typed, path);
  const chosen = choiceOf(typed.options, product.options);
  const errors = facts.ok ? [] : facts.errors;
  if (typeof chosen === 'string') {
    errors.push(invalid('OPTIONS_MISMATCH', chosen, [...path, 'options']));
  } else if (product.variants.some((variant) => isChoice(variant, chosen))) {
    const message = `The product has the combination ${titleOf(chosen)} already`;
    errors.push(invalid('OPTIONS_MISMATCH', message, [...path, 'options']));
  }
  if (!facts.ok || typeof chosen === 'string' || errors.length > 0) return refused(...errors);
  return ok({
    barcode: null,
    weightGrams: null,
    dimensions: null,
    image: null,
    ...facts.value,
    id: services.newId('var'),
    sku: facts.value.sku!,
    options: chosen,
    isRetired: false,
    version: 1,
  });
}

export function checkVariantFacts(
  services: VariantServices,
  typed: TypedVariantFacts,
  path: Path,
): Result<Partial<VariantDocument>, CatalogErrorCode> {
  const errors: CatalogRefusal[] = [];
  const facts: Partial<VariantDocument> = {};
  const { sku, barcode, weightGrams, dimensions, image } = typed;
  if (sku !== undefined && sku !== null) {
    const line = singleLine(sku, MAX_SKU);
    if (line === undefined)
      errors.push(invalidValue(`A SKU is one line of 1 to ${MAX_SKU} characters`, [...path, 'sku']));
    else facts.sku = line;
  }
  if (barcode !== undefined) {
    facts.barcode = barcode === null ? null : barcode.replace(/[\s-]/g, '');
    if (facts.barcode !== null && !isGtin(facts.barcode)) {
      const rule = `“${barcode}” is no GTIN: 8, 12, 13 or 14 digits, the last of which checks the others`;
      errors.push(invalidValue(rule, [...path, 'barcode']));
    }
  }
  if (weightGrams !== undefined) {
    facts.weightGrams = weightGrams;
    if (weightGrams !== null && !isWhole(weightGrams, 0, MAX_GRAMS)) {
      errors.push(invalidValue(`The weight is from 0 to ${MAX_GRAMS} grams`, [...path, 'weightGrams']));
    }
  }
  if (dimensions !== undefined) {
    facts.dimensions = dimensions === null ? null : longestFirst(dimensions);
    if (dimensions !== null && !sidesOf(dimensions).every((side) => isWhole(side, 1, MAX_MM))) {
      errors.push(invalidValue(`Each edge is from 1 to ${MAX_MM} millimetres`, [...path, 'dimensions']));
    }
  }
  if (image === null) facts.image = null;
  else if (image !== undefined) {
    const checked = checkMedia(services, image, [...path, 'image']);
    if (checked.ok) facts.image = checked.value;
    else errors.push(...checked.errors);
  }
  return errors.length > 0 ? refused(...errors) : ok(facts);
}

/** The choice in the order of the product's options, or what is wrong with it. */
export function choiceOf(
  typed: readonly SelectedOption[],
  options: readonly ProductOption[],
): SelectedOption[] | string {
  const chosen = new Map(typed.map(({ name, value }) => [name.trim(), value.trim()]));
  if (chosen.size !== typed.length) return 'An option is chosen twice';
  const choice: SelectedOption[] = [];
  for (const { name, values } of options) {
    const value = chosen.get(name);
    if (value === undefined) return `A value for “${name}” is missing`;
    if (!values.includes(value)) return `“${name}” is one of ${values.join(', ')}, not “${value}”`;
    choice.push({ name, value });
    chosen.delete(name);
  }
  const [unknown] = chosen.keys();
  return unknown === undefined ? choice : `The product has no option “${unknown}”`;
}

export function isChoice(variant: VariantDocument, choice: readonly SelectedOption[]): boolean {
  return choice.every(({ value }, index) => variant.options[index]?.value === value);
}

export function titleOf(choice: readonly SelectedOption[]): string {
  return choice.map(({ value }) => value).join(' / ');
}

/** The last digit makes the sum of all, every second one threefold, a multiple of ten. */
export function isGtin(text: string): boolean {
  if (!/^(?:\d{8}|\d{12,14})$/.test(text)) return false;
  const sum = [...text]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

function isWhole(number: number, min: number, max: number): boolean {
  return Number.isInteger(number) && number >= min && number <= max;
}

function sidesOf({ lengthMm, widthMm, heightMm }: TypedDimensions): number[] {
  return [lengthMm, widthMm, heightMm];
}

function longestFirst(typed: TypedDimensions): TypedDimensions {
  const [lengthMm, widthMm, heightMm] = sidesOf(typed).sort((a, b) => b - a);
  return { lengthMm: lengthMm!, widthMm: widthMm!, heightMm: heightMm! };
}
