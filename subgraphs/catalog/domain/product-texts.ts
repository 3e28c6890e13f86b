/** The words of a product: title, description, brand, slug, and what search engines are shown. */

import { ok, type Result, refused } from '@souk/kit/errors/user-errors';
import { longText, singleLine } from '@souk/kit/values/text-values';
import type { CatalogErrorCode } from './error-codes.ts';
import { type CatalogRefusal, invalidValue, type Path } from './refusals.ts';
import { isSlug, SLUG_RULE } from './slugs.ts';

const MAX_TITLE = 200;
const MAX_DESCRIPTION = 20_000;
const MAX_BRAND = 100;
const MAX_SEO_DESCRIPTION = 320;

/** Parts that are left out stay; a null brand is removed. */
export interface TypedTexts {
  title?: string | null | undefined;
  slug?: string | null | undefined;
  description?: string | null | undefined;
  brand?: string | null | undefined;
  seo?: { title?: string | null | undefined; description?: string | null | undefined } | null | undefined;
}

export interface ProductTexts {
  title?: string;
  slug?: string;
  description?: string;
  brand?: string | null;
  seo?: { title: string | null; description: string | null };
}

export function checkTexts(typed: TypedTexts, path: Path = []): Result<ProductTexts, CatalogErrorCode> {
  const errors: CatalogRefusal[] = [];
  const texts: ProductTexts = {};
  const line = (text: string, max: number, what: string, field: Path): string | undefined => {
    const checked = singleLine(text, max);
    if (checked === undefined)
      errors.push(invalidValue(`${what} is one line of 1 to ${max} characters`, field));
    return checked;
  };
  if (isGiven(typed.title)) texts.title = line(typed.title, MAX_TITLE, 'The title', [...path, 'title'])!;
  if (isGiven(typed.slug)) {
    texts.slug = typed.slug;
    if (!isSlug(typed.slug)) errors.push(invalidValue(SLUG_RULE, [...path, 'slug']));
  }
  if (isGiven(typed.description)) {
    texts.description = longText(typed.description, MAX_DESCRIPTION)!;
    if (texts.description === undefined) {
      const rule = `The description has at most ${MAX_DESCRIPTION} characters and no control characters`;
      errors.push(invalidValue(rule, [...path, 'description']));
    }
  }
  if (typed.brand === null) texts.brand = null;
  else if (isGiven(typed.brand)) texts.brand = line(typed.brand, MAX_BRAND, 'The brand', [...path, 'brand'])!;
  if (isGiven(typed.seo)) {
    const { title, description } = typed.seo;
    const seoPath = [...path, 'seo'];
    texts.seo = {
      title: isGiven(title) ? line(title, MAX_TITLE, 'The page title', [...seoPath, 'title'])! : null,
      description: isGiven(description)
        ? line(description, MAX_SEO_DESCRIPTION, 'The page description', [...seoPath, 'description'])!
        : null,
    };
  }
  return errors.length > 0 ? refused(...errors) : ok(texts);
}

export function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}
