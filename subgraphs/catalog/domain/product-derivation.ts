/** What of a product's document follows from the rest of it. */

import { foldedText } from '@souk/kit/values/text-values';
import type { CategoryDocument } from '../store/category-document.ts';
import type { AttributeFact, ProductDocument } from '../store/product-document.ts';

/** An index entry must stay short. */
const MAX_TITLE_KEY = 120;

export function factsOf(attributes: readonly AttributeFact[]): string[] {
  return attributes.flatMap(({ code, values }) => values.map((value) => `${code}=${value}`));
}

/** A category that was deleted meanwhile is left out. */
export function shelvesOf(
  categoryIds: readonly string[],
  categories: ReadonlyMap<string, Pick<CategoryDocument, 'ancestorIds'>>,
): string[] {
  return [...new Set(categoryIds.flatMap((id) => [id, ...(categories.get(id)?.ancestorIds ?? [])]))];
}

export function titleKeyOf(title: string): string {
  return foldedText(title).slice(0, MAX_TITLE_KEY);
}

/** On which shelves shoppers see it. */
function countedOn({ status, shelfIds }: Pick<ProductDocument, 'status' | 'shelfIds'>): readonly string[] {
  return status === 'PUBLISHED' ? shelfIds : [];
}

type Counted = Pick<ProductDocument, 'status' | 'shelfIds' | 'recount'>;

/** Notes the shelves whose counters must be looked at after a write, together with those still to be looked at. */
export function recountAfter(
  before: Counted | undefined,
  after: Counted,
  mark: string,
): ProductDocument['recount'] {
  const was = before ? countedOn(before) : [];
  const is = countedOn(after);
  const changed = [
    ...was.filter((shelf) => !is.includes(shelf)),
    ...is.filter((shelf) => !was.includes(shelf)),
  ];
  if (changed.length === 0) return before?.recount;
  return { mark, shelfIds: [...new Set([...(before?.recount?.shelfIds ?? []), ...changed])] };
}

/** The next state of a product: everything that follows from the changed parts brought along. */
export function nextState(
  before: ProductDocument,
  change: Partial<ProductDocument>,
  { now, mark }: { now: Date; mark: string },
): ProductDocument {
  const next: ProductDocument = { ...before, ...change, revision: before.revision + 1, updatedAt: now };
  if (change.title !== undefined) next.titleKey = titleKeyOf(change.title);
  if (change.attributes !== undefined) next.facts = factsOf(change.attributes);
  if (change.slug !== undefined) next.slugs = [...new Set([change.slug, ...before.slugs])];
  if (change.publishedAt) next.freshAt = change.publishedAt;
  const recount = recountAfter(before, next, mark);
  if (recount) next.recount = recount;
  return next;
}
