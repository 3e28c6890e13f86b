/** The words of a category, and edits of them. */

import { violatedUnique } from '@souk/kit/errors/store-faults';
import { ok, type Result, refused } from '@souk/kit/errors/user-errors';
import { longText, singleLine } from '@souk/kit/values/text-values';
import { findCategories, updateCategory } from '../store/categories.ts';
import type { CategoryDocument } from '../store/category-document.ts';
import type { CatalogErrorCode } from './error-codes.ts';
import { outgoing } from './outgoing.ts';
import { isGiven } from './product-texts.ts';
import {
  type CatalogRefusal,
  categoryNotFound,
  invalidValue,
  type Outcome,
  slugTaken,
  versionConflict,
} from './refusals.ts';
import type { Actor, Services } from './services.ts';
import { isSlug, SLUG_RULE } from './slugs.ts';

const MAX_NAME = 100;
const MAX_DESCRIPTION = 5_000;

export interface TypedCategoryTexts {
  name?: string | null | undefined;
  slug?: string | null | undefined;
  /** Null removes it. */
  description?: string | null | undefined;
}

interface CategoryTexts {
  name?: string;
  slug?: string;
  description?: string | null;
}

export function checkCategoryTexts(typed: TypedCategoryTexts): Result<CategoryTexts, CatalogErrorCode> {
  const errors: CatalogRefusal[] = [];
  const texts: CategoryTexts = {};
  if (isGiven(typed.name)) {
    const name = singleLine(typed.name, MAX_NAME);
    if (name === undefined)
      errors.push(invalidValue(`The name is one line of 1 to ${MAX_NAME} characters`, ['name']));
    else texts.name = name;
  }
  if (isGiven(typed.slug)) {
    texts.slug = typed.slug;
    if (!isSlug(typed.slug)) errors.push(invalidValue(SLUG_RULE, ['slug']));
  }
  if (typed.description === null) texts.description = null;
  else if (typed.description !== undefined) {
    const description = longText(typed.description, MAX_DESCRIPTION);
    if (description === undefined) {
      const rule = `The description has at most ${MAX_DESCRIPTION} characters and no control characters`;
      errors.push(invalidValue(rule, ['description']));
    } else texts.description = description;
  }
  return errors.length > 0 ? refused(...errors) : ok(texts);
}

export interface TypedCategoryChange extends TypedCategoryTexts {
  categoryId: string;
  expectedVersion: number;
}

/** Parts that are left out stay; the old slug goes on working. */
export async function updateCategoryTexts(
  services: Services,
  actor: Actor,
  typed: TypedCategoryChange,
): Promise<Outcome<CategoryDocument>> {
  const { categoryId, expectedVersion } = typed;
  const { collections } = services;
  const texts = checkCategoryTexts(typed);
  const [category] = await findCategories(collections, [categoryId]);
  if (!category) return refused(categoryNotFound(['categoryId']));
  if (category.version !== expectedVersion) return versionConflict(category);
  if (!texts.ok) return texts;
  const { slug } = texts.value;
  const slugs = slug === undefined ? {} : { slugs: [...new Set([slug, ...category.slugs])] };
  const data = { categoryId, version: expectedVersion + 1 };
  try {
    const changed = await updateCategory(
      collections,
      categoryId,
      expectedVersion,
      { ...texts.value, ...slugs },
      outgoing(services, actor, { type: 'catalog.category.changed', data }),
    );
    return changed ? ok(changed) : versionConflict((await findCategories(collections, [categoryId]))[0]);
  } catch (error) {
    if (violatedUnique(error) === undefined) throw error;
    return refused(slugTaken(slug!, ['slug']));
  }
}
