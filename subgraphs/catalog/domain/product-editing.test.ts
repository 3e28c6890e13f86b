import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withMongodb } from '@souk/kit/tests/stores';
import type { CategoryDocument } from '../store/category-document.ts';
import { findProducts, findProductsBySlug } from '../store/products.ts';
import {
  type Desk,
  done,
  EDITOR,
  newCategory,
  newProduct,
  openDesk,
  refusals,
  typedProduct,
} from '../tests/desk.ts';
import { saveAttribute } from './attribute-saving.ts';
import { createProduct } from './product-creation.ts';
import { archiveProduct, setMedia, updateProduct } from './product-editing.ts';
import { addVariant, changeVariant, retireVariant } from './variant-editing.ts';

withMongodb('editing of products', () => {
  let desk: Desk;
  let shelf: CategoryDocument;

  beforeAll(async () => {
    desk = await openDesk();
    shelf = await newCategory(desk, 'Kettles');
    done(
      await saveAttribute(desk.services, EDITOR, {
        code: 'material',
        label: 'Material',
        kind: 'CHOICE',
        choices: ['Copper', 'Iron'],
        isMultiple: true,
      }),
    );
    done(
      await saveAttribute(desk.services, EDITOR, {
        code: 'volume',
        label: 'Volume',
        kind: 'NUMBER',
        unit: 'l',
      }),
    );
  });
  afterAll(() => desk.close());

  const create = (parts: Parameters<typeof typedProduct>[1]) =>
    createProduct(desk.services, EDITOR, typedProduct(shelf, parts));
  const edit = ({ _id, version }: { _id: string; version: number }) => ({
    productId: _id,
    expectedVersion: version,
  });

  test('a new product is a draft with a slug made from its title', async () => {
    const product = done(await create({ title: 'Café Crème, “doux” & Größe' }));
    expect(product).toMatchObject({ status: 'DRAFT', slug: 'cafe-creme-doux-grosse', version: 1 });
    const stored = await desk.services.collections.products.findOne({ _id: product._id });
    expect(stored?.events).toEqual([
      expect.objectContaining({
        type: 'catalog.product.created',
        requestId: 'test-request',
        data: { productId: product._id },
      }),
    ]);
  });

  test('the second of two products with the same title gets a number', async () => {
    const [a, b] = await Promise.all([create({ title: 'Twin pot' }), create({ title: 'Twin pot' })]);
    expect([done(a!).slug, done(b!).slug].sort()).toEqual(['twin-pot', 'twin-pot-2']);
  });

  test('everything wrong with an input is told at once, with its place', async () => {
    const outcome = await create({
      title: '\n',
      slug: 'Not A Slug',
      categoryIds: ['cat_nowhere'],
      attributes: [
        { code: 'material', values: ['Gold'] },
        { code: 'volume', values: ['1,5'] },
        { code: 'nothing', values: ['x'] },
      ],
      media: [{ kind: 'IMAGE', url: 'https://elsewhere.test/a.jpg', alt: 'A' }],
    });
    expect(refusals(outcome)).toEqual([
      'VALUE_INVALID at title',
      'VALUE_INVALID at slug',
      'CATEGORY_NOT_FOUND at categoryIds.0',
      'ATTRIBUTE_VALUE_INVALID at attributes.0.values',
      'ATTRIBUTE_VALUE_INVALID at attributes.1.values',
      'ATTRIBUTE_NOT_FOUND at attributes.2.code',
      'MEDIA_HOST_NOT_ALLOWED at media.0.url',
    ]);
  });

  test('variants must fit the options, once each', async () => {
    const options = [{ name: 'Size', values: ['S', 'M'] }];
    const variant = (sku: string, ...values: [string, string][]) => ({
      sku,
      options: values.map(([name, value]) => ({ name, value })),
    });
    const outcomes = await Promise.all([
      create({ options, variants: [] }),
      create({ options, variants: [variant('fit-1', ['Size', 'XL'])] }),
      create({ options, variants: [variant('fit-2')] }),
      create({ options, variants: [variant('fit-3', ['Size', 'S'], ['Colour', 'Red'])] }),
      create({ options, variants: [variant('fit-4', ['Size', 'S']), variant('fit-5', ['Size', 'S'])] }),
      create({ options, variants: [variant('fit-6', ['Size', 'S']), variant('fit-6', ['Size', 'M'])] }),
      create({ options: ['A', 'B', 'C', 'D'].map((name) => ({ name, values: ['1'] })) }),
    ]);
    expect(outcomes.map(refusals)).toEqual([
      ['VALUE_INVALID at variants'],
      ['OPTIONS_MISMATCH at variants.0.options'],
      ['OPTIONS_MISMATCH at variants.0.options'],
      ['OPTIONS_MISMATCH at variants.0.options'],
      ['OPTIONS_MISMATCH at variants.1.options'],
      ['SKU_TAKEN at variants.1.sku'],
      ['LIMIT_REACHED at options'],
    ]);
  });

  test('a SKU belongs to one variant of the whole shop', async () => {
    const first = await newProduct(desk, shelf);
    const outcome = await create({ options: [], variants: [{ sku: first.variants[0]!.sku, options: [] }] });
    expect(refusals(outcome)).toEqual(['SKU_TAKEN at variants.0.sku']);
    const second = await newProduct(desk, shelf);
    const renamed = await changeVariant(desk.services, EDITOR, {
      variantId: second.variants[0]!.id,
      expectedVersion: 1,
      sku: first.variants[0]!.sku,
    });
    expect(refusals(renamed)).toEqual(['SKU_TAKEN at sku']);
  });

  test('an edit that is based on an older version is refused and shows the product as it is', async () => {
    const product = await newProduct(desk, shelf);
    const changed = done(await updateProduct(desk.services, EDITOR, { ...edit(product), title: 'Newer' }));
    expect(changed).toMatchObject({ title: 'Newer', version: 2 });
    const late = await updateProduct(desk.services, EDITOR, { ...edit(product), title: 'Older' });
    expect(refusals(late)).toEqual(['VERSION_CONFLICT at expectedVersion']);
    expect(late).toMatchObject({ current: { title: 'Newer', version: 2 } });
  });

  test('of many who edit the same version at once, one wins', async () => {
    const product = await newProduct(desk, shelf);
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        updateProduct(desk.services, EDITOR, { ...edit(product), title: `Title ${index}` }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    const [stored] = await findProducts(desk.services.collections, [product._id]);
    expect(stored).toMatchObject({ version: 2, revision: 2 });
  });

  test('an old slug goes on working and stays taken', async () => {
    const product = await newProduct(desk, shelf, { slug: 'old-name' });
    const renamed = done(await updateProduct(desk.services, EDITOR, { ...edit(product), slug: 'new-name' }));
    expect(renamed.slug).toBe('new-name');
    for (const slug of ['old-name', 'new-name']) {
      expect(await findProductsBySlug(desk.services.collections, [slug])).toMatchObject([
        { _id: product._id },
      ]);
    }
    expect(refusals(await create({ slug: 'old-name' }))).toEqual(['SLUG_TAKEN at slug']);
    const other = await newProduct(desk, shelf);
    const stolen = await updateProduct(desk.services, EDITOR, { ...edit(other), slug: 'old-name' });
    expect(refusals(stolen)).toEqual(['SLUG_TAKEN at slug']);
    expect(
      done(await updateProduct(desk.services, EDITOR, { ...edit(renamed), slug: 'old-name' })).slug,
    ).toBe('old-name');
  });

  test('facts are set and taken off one by one', async () => {
    const product = await newProduct(desk, shelf, { attributes: [{ code: 'material', values: ['Copper'] }] });
    const changed = done(
      await updateProduct(desk.services, EDITOR, {
        ...edit(product),
        attributes: [
          { code: 'volume', values: ['1.5'] },
          { code: 'material', values: ['Iron', 'Copper', 'Iron'] },
        ],
      }),
    );
    expect(changed.facts).toEqual(['material=Iron', 'material=Copper', 'volume=1.5']);
    const bare = done(
      await updateProduct(desk.services, EDITOR, {
        ...edit(changed),
        attributes: [{ code: 'material', values: [] }],
      }),
    );
    expect(bare.facts).toEqual(['volume=1.5']);
  });

  test('media keep their ids as long as they stay', async () => {
    const product = await newProduct(desk, shelf);
    const image = (name: string) => ({
      kind: 'IMAGE' as const,
      url: `https://cdn.test/${name}.jpg`,
      alt: name,
    });
    const first = done(
      await setMedia(desk.services, EDITOR, { ...edit(product), media: [image('a'), image('b')] }),
    );
    const second = done(
      await setMedia(desk.services, EDITOR, { ...edit(first), media: [image('b'), image('c')] }),
    );
    expect(second.media[0]!.id).toBe(first.media[1]!.id);
    const own = { ...image('own'), url: `https://shop.test/media/covers/${product._id}.svg` };
    const third = done(await setMedia(desk.services, EDITOR, { ...edit(second), media: [own] }));
    expect(third.media[0]!.url).toBe(`/media/covers/${product._id}.svg`);
    for (const url of [
      'http://cdn.test/a.jpg',
      'https://cdn.test.evil.example/a.jpg',
      'https://user@cdn.test/a.jpg',
      'https://shop.test.evil.example/media/covers/a.svg',
    ]) {
      const outcome = await setMedia(desk.services, EDITOR, {
        ...edit(third),
        media: [{ ...image('x'), url }],
      });
      expect(refusals(outcome)).toEqual(['MEDIA_HOST_NOT_ALLOWED at media.0.url']);
    }
  });

  test('a retired product is not edited any more', async () => {
    const product = await newProduct(desk, shelf);
    const archived = done(await archiveProduct(desk.services, EDITOR, edit(product)));
    expect(archived.status).toBe('ARCHIVED');
    const outcomes = [
      await updateProduct(desk.services, EDITOR, { ...edit(archived), title: 'Again' }),
      await archiveProduct(desk.services, EDITOR, edit(archived)),
      await retireVariant(desk.services, EDITOR, { variantId: archived.variants[0]!.id, expectedVersion: 1 }),
    ];
    expect(outcomes.map(refusals)).toEqual(outcomes.map(() => ['ALREADY_ARCHIVED at productId']));
  });

  test('what does not exist is not found', async () => {
    const outcomes = [
      await updateProduct(desk.services, EDITOR, { productId: 'prd_nothing', expectedVersion: 1 }),
      await changeVariant(desk.services, EDITOR, { variantId: 'var_nothing', expectedVersion: 1 }),
      await addVariant(desk.services, EDITOR, {
        productId: 'prd_nothing',
        variant: { sku: 'x', options: [] },
      }),
    ];
    expect(outcomes.map(refusals)).toEqual([
      ['PRODUCT_NOT_FOUND at productId'],
      ['VARIANT_NOT_FOUND at variantId'],
      ['PRODUCT_NOT_FOUND at productId'],
    ]);
  });
});
