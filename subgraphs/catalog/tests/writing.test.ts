/** Mutations as clients run them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withStores } from './room.ts';
import { openShop, type Shop } from './shop.ts';

withStores('writing', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  test('a refused mutation shows the thing as it is', async () => {
    const product = await shop.newProduct('Contested');
    const update = (title: string) =>
      shop.run(
        'productUpdate',
        'ProductUpdateInput',
        { productId: product.id, expectedVersion: 1, title },
        'product { title version }',
      );
    expect(await update('First')).toEqual({ product: { title: 'First', version: 2 }, userErrors: [] });
    expect(await update('Second')).toEqual({
      product: { title: 'First', version: 2 },
      userErrors: [{ kind: 'CONFLICT', code: 'VERSION_CONFLICT', field: ['expectedVersion'] }],
    });
  });

  test('the remaining mutations do what they say', async () => {
    const product = await shop.newProduct('Everything');
    const [variant] = product.variants.nodes;
    const edit = (version: number) => ({ productId: product.id, expectedVersion: version });
    const media = [{ kind: 'IMAGE', url: 'https://cdn.test/e.jpg', alt: 'E' }];
    expect(
      (
        await shop.run(
          'productMediaSet',
          'ProductMediaSetInput',
          { ...edit(1), media },
          'product { version }',
        )
      ).product.version,
    ).toBe(2);
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const planned = await shop.run(
      'productScheduleSet',
      'ProductScheduleSetInput',
      { ...edit(2), publishAt: later },
      'product { status publication { publishAt } }',
    );
    expect(planned.product).toEqual({ status: 'SCHEDULED', publication: { publishAt: later } });
    expect(
      (await shop.run('productUnpublish', 'ProductUnpublishInput', edit(3), 'product { status }')).product
        .status,
    ).toBe('DRAFT');
    const changed = await shop.run(
      'variantUpdate',
      'VariantUpdateInput',
      { variantId: variant.id, expectedVersion: 1, weightGrams: 5 },
      'variant { weightGrams version }',
    );
    expect(changed.variant).toEqual({ weightGrams: 5, version: 2 });
    const taken = { productId: product.id, variant: { sku: 'E-2', options: [{ name: 'Size', value: 'S' }] } };
    expect(
      (await shop.run('variantCreate', 'VariantCreateInput', taken, 'variant { id }')).userErrors,
    ).toMatchObject([{ code: 'OPTIONS_MISMATCH' }]);
    const category = await shop.newCategory('Everything');
    const renamed = await shop.run(
      'categoryUpdate',
      'CategoryUpdateInput',
      { categoryId: category.id, expectedVersion: 1, description: 'All.' },
      'category { description version }',
    );
    expect(renamed.category).toEqual({ description: 'All.', version: 2 });
    const moved = await shop.run(
      'categoryMove',
      'CategoryMoveInput',
      { categoryId: category.id, expectedVersion: 2, parentId: shop.shelf.id },
      'category { version parent { id } ancestors { id } }',
    );
    expect(moved.category).toEqual({
      version: 3,
      parent: { id: shop.shelf.id },
      ancestors: [{ id: shop.shelf.id }],
    });
    const deleted = await shop.run(
      'categoryDelete',
      'CategoryDeleteInput',
      { categoryId: category.id, expectedVersion: 3 },
      'deletedCategoryId',
    );
    expect(deleted).toEqual({ deletedCategoryId: category.id, userErrors: [] });
  });
});
