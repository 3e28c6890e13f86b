/** Every statement that this room sends is explained on a filled database: none scans a collection, none sorts. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeCursor } from '@souk/kit/lists/cursors';
import { withMongodb } from '@souk/kit/tests/stores';
import type { CommandStartedEvent, Document } from 'mongodb';
import { saveAttribute } from '../domain/attribute-saving.ts';
import { updateCategoryTexts } from '../domain/category-texts.ts';
import { deleteCategory, moveCategory } from '../domain/category-tree.ts';
import { recountShelves } from '../domain/counting.ts';
import { runImports } from '../domain/import-running.ts';
import { cancelImport, dropForgottenImports } from '../domain/import-starting.ts';
import { createPrivacyDuties } from '../domain/privacy.ts';
import { updateProduct } from '../domain/product-editing.ts';
import { carryOutSchedules } from '../domain/publishing.ts';
import { settleAgain } from '../domain/settling.ts';
import { changeVariant } from '../domain/variant-editing.ts';
import { createLoaders } from '../loaders.ts';
import { listAttributes } from '../store/attributes.ts';
import { findChildren } from '../store/categories.ts';
import type { CategoryDocument } from '../store/category-document.ts';
import { listImportFailures } from '../store/import-failures.ts';
import { listImports } from '../store/imports.ts';
import type { ProductDocument } from '../store/product-document.ts';
import {
  listProducts,
  PRODUCT_ORDERS,
  type ProductNarrowing,
  type ProductSort,
} from '../store/product-lists.ts';
import { type Desk, done, EDITOR, MINUTE, newCategory, newPublished, openDesk } from './desk.ts';
import { open, productLines, upload } from './import-file.ts';

const EXPLAINED = ['find', 'aggregate', 'count', 'distinct', 'findAndModify', 'update', 'delete'];
/** Of kit: one document a lock, found by its id. */
const OF_KIT = ['souk_locks'];

withMongodb('the statements of the catalog', () => {
  let desk: Desk;
  const statements = new Map<string, Document>();

  beforeAll(async () => {
    desk = await openDesk();
    desk.mongodb.client.on('commandStarted', ({ commandName, command }: CommandStartedEvent) => {
      if (!EXPLAINED.includes(commandName) || OF_KIT.includes(command[commandName])) return;
      for (const statement of singleStatements(commandName, command)) {
        statements.set(shapeOf(statement), statement);
      }
    });
    await everything();
  }, 60_000);
  afterAll(() => desk.close());

  async function everything(): Promise<void> {
    const { services } = desk;
    const { collections } = services;
    const shelf = await newCategory(desk, 'Bowls');
    const below = await newCategory(desk, 'Small bowls', shelf);
    const product = await newPublished(desk, below);
    await upload(desk, `${productLines(400)}spoilt`);
    await runImports(services, new AbortController().signal);

    await everyKey(product, shelf);
    await everyList(product, shelf);
    await listAttributes(collections, { size: 20, backward: false });
    await findChildren(collections, [null]);
    const [one] = await listImports(collections, { size: 20, backward: true });
    const duties = createPrivacyDuties(services);
    await duties.exportUser('usr_test');
    await duties.eraseUser('usr_test');
    await listImportFailures(collections, one!._id, { size: 20, backward: false });

    const choice = { code: 'glaze', label: 'Glaze', kind: 'CHOICE' as const, isMultiple: true };
    const attribute = done(await saveAttribute(services, EDITOR, { ...choice, choices: ['Blue', 'White'] }));
    await saveAttribute(services, EDITOR, {
      ...choice,
      choices: ['Blue'],
      kind: 'TEXT',
      expectedVersion: attribute.version,
    });
    await saveAttribute(services, EDITOR, {
      ...choice,
      choices: ['Blue'],
      expectedVersion: attribute.version,
    });
    done(
      await updateProduct(services, EDITOR, {
        productId: product._id,
        expectedVersion: product.version,
        title: 'Renamed',
      }),
    );
    done(
      await changeVariant(services, EDITOR, {
        variantId: product.variants[0]!.id,
        expectedVersion: 1,
        weightGrams: 1,
      }),
    );
    done(
      await updateCategoryTexts(services, EDITOR, {
        categoryId: below._id,
        expectedVersion: 1,
        name: 'Tiny bowls',
      }),
    );
    const moved = done(
      await moveCategory(services, EDITOR, { categoryId: below._id, expectedVersion: 2, parentId: null }),
    );
    desk.pass(MINUTE);
    await settleAgain(services);
    await recountShelves(services);
    done(await deleteCategory(services, EDITOR, { categoryId: below._id, expectedVersion: moved.version }));
    await carryOutSchedules(services);
    await open(desk);
    const other = await open(desk);
    done(await cancelImport(services, EDITOR, { importId: other.id }));
    desk.pass(300 * MINUTE);
    await dropForgottenImports(services);
  }

  async function everyKey(product: ProductDocument, shelf: CategoryDocument): Promise<void> {
    const loaders = createLoaders(desk.services.collections);
    await Promise.all([
      loaders.products.loadMany([product._id, 'prd_x']),
      loaders.productsBySlug.loadMany([product.slug, 'x']),
      loaders.variants.loadMany([product.variants[0]!.id, 'var_x']),
      loaders.variantsBySku.loadMany([product.variants[0]!.sku, 'x']),
      loaders.categories.loadMany([shelf._id, 'cat_x']),
      loaders.categoriesBySlug.loadMany([shelf.slug, 'x']),
      loaders.childrenOfCategory.loadMany([shelf._id, 'cat_x']),
      loaders.attributes.loadMany(['a', 'b']),
      desk.services.attributes.renew(),
      loaders.imports.loadMany(['imp_a', 'imp_b']),
    ]);
  }

  async function everyList(product: ProductDocument, shelf: CategoryDocument): Promise<void> {
    const narrowings: ProductNarrowing[] = [
      {},
      { statuses: ['PUBLISHED'] },
      { statuses: ['DRAFT', 'SCHEDULED'] },
      { statuses: ['PUBLISHED'], shelfIds: [shelf._id] },
      { statuses: ['PUBLISHED'], categoryId: shelf._id },
      { statuses: ['PUBLISHED'], shelfIds: [shelf._id, 'cat_other'] },
      { shelfIds: [shelf._id] },
      {
        statuses: ['PUBLISHED'],
        brands: ['A', 'B'],
        facts: [['a=1', 'a=2'], ['b=1']],
        updatedFrom: new Date(0),
        updatedTo: new Date(),
      },
    ];
    for (const sort of Object.keys(PRODUCT_ORDERS) as ProductSort[]) {
      const cursor = encodeCursor(PRODUCT_ORDERS[sort], product);
      for (const narrow of narrowings) {
        for (const page of [{ after: cursor }, { before: cursor }, { after: cursor, before: cursor }, {}]) {
          for (const backward of [false, true]) {
            await listProducts(desk.services.collections, narrow, sort, { size: 20, backward, ...page });
          }
        }
      }
    }
  }

  test('are many', () => {
    const of = (name: string) => [...statements.values()].filter((statement) => name in statement).length;
    expect(of('find')).toBeGreaterThan(100);
    expect([of('update') > 8, of('findAndModify') > 5, of('delete') > 1]).toEqual([true, true, true]);
  });

  test('each go by an index, in its order', async () => {
    const faults: string[] = [];
    for (const statement of statements.values()) {
      const { queryPlanner, stages } = await desk.mongodb.db.command({
        explain: statement,
        verbosity: 'queryPlanner',
      });
      const plan = (queryPlanner ?? stages?.[0]?.$cursor?.queryPlanner)?.winningPlan;
      const used = stagesOf(plan);
      const bad =
        used.length === 0 ? ['nothing'] : used.filter((stage) => stage === 'COLLSCAN' || stage === 'SORT');
      if (bad.length > 0) faults.push(`${bad.join()}: ${JSON.stringify(statement)}`);
    }
    expect(faults).toEqual([]);
  });
});

/** A statement of a batch is explained alone. */
function singleStatements(name: string, command: Document): Document[] {
  if (name === 'update')
    return command.updates.map((one: Document) => ({ update: command.update, updates: [one] }));
  if (name === 'delete')
    return command.deletes.map((one: Document) => ({ delete: command.delete, deletes: [one] }));
  const { lsid, $db, $clusterTime, $readPreference, txnNumber, ...statement } = command;
  return [statement];
}

/** Two that differ only in their values are planned alike. */
function shapeOf(statement: Document): string {
  const conditions = statement.updates?.[0]?.q ?? statement.deletes?.[0]?.q ?? statement;
  return JSON.stringify(
    [Object.keys(statement)[0], Object.values(statement)[0], statement.hint, conditions],
    (_, value) => (typeof value === 'string' && /[0-9:]/.test(value) ? '?' : value),
  );
}

function stagesOf(plan: Document | undefined): string[] {
  if (!plan) return [];
  const inner = [plan.inputStage, plan.queryPlan, ...(plan.inputStages ?? []), ...(plan.shards ?? [])];
  return [...(plan.stage ? [plan.stage] : []), ...inner.flatMap((stage) => stagesOf(stage))];
}
