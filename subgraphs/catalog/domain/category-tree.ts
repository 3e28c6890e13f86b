/** The tree of shelves: new ones, moves and deletions. Whatever changes its form happens one at a time. */

import { soukError } from '@souk/kit/errors/errors';
import { violatedUnique } from '@souk/kit/errors/store-faults';
import { conflict, exhausted, invalid, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import { withLock } from '@souk/kit/mongodb/lock';
import {
  findBelow,
  findCategories,
  findCategoriesBySlug,
  findChildren,
  insertCategories,
  NOWHERE,
  placeCategories,
  updateCategory,
} from '../store/categories.ts';
import type { CategoryDocument, StoredCategory } from '../store/category-document.ts';
import { checkCategoryTexts, type TypedCategoryTexts } from './category-texts.ts';
import type { CatalogErrorCode } from './error-codes.ts';
import { outgoing } from './outgoing.ts';
import {
  type CatalogRefusal,
  categoryNotFound,
  invalidValue,
  type Outcome,
  slugTaken,
  versionConflict,
} from './refusals.ts';
import type { Actor, Services } from './services.ts';
import { settle } from './settling.ts';
import { freeSlug, slugOf, slugSeries } from './slugs.ts';

export const MAX_DEPTH = 8;
export const MAX_CHILDREN = 200;
/** An edit of a product that began before a move has surely been written after this time. */
const SETTLE_AFTER_MS = 10_000;
const WAIT_FOR_OTHERS_MS = 10_000;

export interface TypedCategory extends TypedCategoryTexts {
  name: string;
  parentId?: string | null | undefined;
}

export async function createCategory(
  services: Services,
  actor: Actor,
  typed: TypedCategory,
): Promise<Outcome<CategoryDocument>> {
  const texts = checkCategoryTexts(typed);
  if (!texts.ok) return texts;
  const stem = texts.value.slug ?? slugOf(typed.name);
  if (stem === undefined)
    return refused(invalidValue('No slug can be made from this name; give one', ['slug']));
  return oneAtATime(services, async () => {
    const place = await placeUnder(services, typed.parentId ?? null);
    if (!place.ok) return place;
    const { parent, siblings } = place.value;
    const depthFault = tooDeep(parent, 0);
    if (depthFault) return refused(depthFault);
    const slug = texts.value.slug ?? (await freeCategorySlug(services, stem));
    const category: CategoryDocument = {
      _id: services.newId('cat'),
      slug,
      slugs: [slug],
      name: texts.value.name!,
      description: texts.value.description ?? null,
      parentId: parent?._id ?? null,
      ancestorIds: pathBelow(parent),
      position: siblings.length,
      productCount: 0,
      version: 1,
    };
    try {
      await insertCategories(services.collections, [newCategory(services, actor, category)]);
    } catch (error) {
      // The index decides, as somebody may rename a category to this meanwhile.
      if (violatedUnique(error) === undefined) throw error;
      return refused(slugTaken(slug, ['slug']));
    }
    return ok(category);
  });
}

export function newCategory(services: Services, actor: Actor, category: CategoryDocument): StoredCategory {
  const data = { categoryId: category._id };
  return { ...category, events: [outgoing(services, actor, { type: 'catalog.category.created', data })] };
}

async function freeCategorySlug({ collections }: Services, stem: string): Promise<string> {
  const others = await findCategoriesBySlug(collections, slugSeries(stem));
  // When all are taken, the index refuses the stem itself.
  return freeSlug(stem, new Set(others.flatMap(({ slugs }) => slugs))) ?? stem;
}

export interface TypedMove {
  categoryId: string;
  expectedVersion: number;
  parentId?: string | null | undefined;
  position?: number | null | undefined;
}

export async function moveCategory(
  services: Services,
  actor: Actor,
  { categoryId, expectedVersion, parentId = null, position }: TypedMove,
): Promise<Outcome<CategoryDocument>> {
  const { collections } = services;
  return oneAtATime(services, async () => {
    const [category] = await findCategories(collections, [categoryId]);
    if (!category) return refused(categoryNotFound(['categoryId']));
    if (category.version !== expectedVersion) return versionConflict(category);
    const place = await placeUnder(services, parentId, categoryId);
    if (!place.ok) return place;
    const { parent, siblings } = place.value;
    if (parent && (parent._id === categoryId || parent.ancestorIds.includes(categoryId))) {
      const message = `“${category.name}” cannot hang below itself`;
      return refused(invalid('CATEGORY_CYCLE', message, 'parentId'));
    }
    const below = await findBelow(collections, categoryId);
    const height = Math.max(
      0,
      ...below.map(({ ancestorIds }) => ancestorIds.length - category.ancestorIds.length),
    );
    const depthFault = tooDeep(parent, height);
    if (depthFault) return refused(depthFault);
    const at = Math.min(Math.max(position ?? 0, 0), siblings.length);
    const moved = await updateCategory(
      collections,
      categoryId,
      expectedVersion,
      {
        parentId: parent?._id ?? null,
        ancestorIds: pathBelow(parent),
        position: at,
        settleAt: new Date(services.now().getTime() + SETTLE_AFTER_MS),
      },
      outgoing(services, actor, {
        type: 'catalog.category.moved',
        data: { categoryId, parentId: parent?._id ?? null },
      }),
    );
    if (!moved) return versionConflict((await findCategories(collections, [categoryId]))[0]);
    await placeCategories(collections, renumbered(siblings, at));
    await settle(services, moved);
    return ok(moved);
  });
}

/** Products only lose the shelf. */
export async function deleteCategory(
  services: Services,
  actor: Actor,
  { categoryId, expectedVersion }: { categoryId: string; expectedVersion: number },
): Promise<Outcome<string>> {
  const { collections } = services;
  return oneAtATime(services, async (): Promise<Outcome<string>> => {
    const [category] = await findCategories(collections, [categoryId]);
    if (!category) return refused(categoryNotFound(['categoryId']));
    if (category.version !== expectedVersion) return versionConflict();
    const children = await findChildren(collections, [categoryId]);
    if (children.length > 0) {
      const message = `“${category.name}” still has ${children.length} below it; move or delete them first`;
      return refused(conflict('CATEGORY_NOT_EMPTY', message, 'categoryId'));
    }
    const now = services.now();
    const deleted = await updateCategory(
      collections,
      categoryId,
      expectedVersion,
      {
        // Its addresses are free again.
        slugs: [`${NOWHERE}${categoryId}`],
        parentId: NOWHERE,
        deletedAt: now,
        settleAt: new Date(now.getTime() + SETTLE_AFTER_MS),
      },
      outgoing(services, actor, { type: 'catalog.category.deleted', data: { categoryId } }),
    );
    if (!deleted) return versionConflict();
    await settle(services, deleted);
    return ok(categoryId);
  });
}

interface Place {
  parent: CategoryDocument | undefined;
  /** In display order, without the one that moves. */
  siblings: CategoryDocument[];
}

async function placeUnder(
  { collections }: Services,
  parentId: string | null,
  movingId?: string,
): Promise<Result<Place, CatalogErrorCode>> {
  const [parents, children] = await Promise.all([
    parentId === null ? [] : findCategories(collections, [parentId]),
    findChildren(collections, [parentId]),
  ]);
  if (parentId !== null && parents.length === 0) return refused(categoryNotFound(['parentId']));
  const siblings = children.filter(({ _id }) => _id !== movingId);
  if (siblings.length >= MAX_CHILDREN) {
    return refused(
      exhausted('LIMIT_REACHED', `A category has at most ${MAX_CHILDREN} right below it`, 'parentId'),
    );
  }
  return ok({ parent: parents[0], siblings });
}

export function pathBelow(parent: CategoryDocument | undefined): string[] {
  return parent ? [...parent.ancestorIds, parent._id] : [];
}

/** `height` is that of the branch to be hung there. */
function tooDeep(parent: CategoryDocument | undefined, height: number): CatalogRefusal | undefined {
  if (pathBelow(parent).length + height < MAX_DEPTH) return undefined;
  return invalidValue(`The tree has at most ${MAX_DEPTH} levels`, ['parentId']);
}

/** Those whose place changes when another one is put in at `at`. */
function renumbered(siblings: readonly CategoryDocument[], at: number): { id: string; position: number }[] {
  return siblings
    .map(({ _id, position }, index) => ({ id: _id, was: position, position: index < at ? index : index + 1 }))
    .filter(({ was, position }) => was !== position);
}

async function oneAtATime<Thing>(
  { db }: Services,
  work: () => Promise<Outcome<Thing>>,
): Promise<Outcome<Thing>> {
  const done = await withLock(db, 'category-tree', work, { waitMs: WAIT_FOR_OTHERS_MS });
  if (done) return done.value;
  throw soukError(
    'SERVICE_UNAVAILABLE',
    'The category tree is being changed by somebody else; try again in a moment',
  );
}
