/** The categories and attributes that an input names, read in one query each. */
import type { AttributeDocument } from '../store/attribute-document.ts';
import { findAttributes } from '../store/attributes.ts';
import { findCategories } from '../store/categories.ts';
import type { CategoryDocument } from '../store/category-document.ts';
import type { Services } from './services.ts';

export interface References {
  categories: ReadonlyMap<string, CategoryDocument>;
  attributes: ReadonlyMap<string, AttributeDocument>;
}

export async function loadReferences(
  { collections }: Pick<Services, 'collections'>,
  categoryIds: readonly string[],
  codes: readonly string[],
): Promise<References> {
  const [categories, attributes] = await Promise.all([
    categoryIds.length > 0 ? findCategories(collections, [...new Set(categoryIds)]) : [],
    codes.length > 0 ? findAttributes(collections, [...new Set(codes)]) : [],
  ]);
  return {
    categories: new Map(categories.map((category) => [category._id, category])),
    attributes: new Map(attributes.map((attribute) => [attribute._id, attribute])),
  };
}
