import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withMongodb } from '@souk/kit/tests/stores';
import type { CategoryDocument } from '../store/category-document.ts';
import { findProducts } from '../store/products.ts';
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
import { createProduct } from './product-creation.ts';
import { addVariant, changeVariant } from './variant-editing.ts';

withMongodb('editing of variants', () => {
  let desk: Desk;
  let shelf: CategoryDocument;
  beforeAll(async () => {
    desk = await openDesk();
    shelf = await newCategory(desk, 'Kettles');
  });
  afterAll(() => desk.close());

  const create = (parts: Parameters<typeof typedProduct>[1]) =>
    createProduct(desk.services, EDITOR, typedProduct(shelf, parts));

  test('variants that are added at once are all there', async () => {
    const values = Array.from({ length: 8 }, (_, index) => `V${index}`);
    const product = await newProduct(desk, shelf, {
      options: [{ name: 'Size', values: ['S', ...values] }],
      variants: [{ sku: `many-0-${shelf._id}`, options: [{ name: 'Size', value: 'S' }] }],
    });
    const outcomes = await Promise.all(
      values.map((value) =>
        addVariant(desk.services, EDITOR, {
          productId: product._id,
          variant: { sku: `many-${value}-${shelf._id}`, options: [{ name: 'Size', value }] },
        }),
      ),
    );
    expect(outcomes.map(refusals)).toEqual(values.map(() => []));
    const [stored] = await findProducts(desk.services.collections, [product._id]);
    expect(stored!.variants).toHaveLength(9);
    // The texts were not edited: whoever works on them is not disturbed.
    expect(stored!.version).toBe(1);
  });

  test('a product takes 250 variants and no more', async () => {
    const sizes = Array.from({ length: 26 }, (_, index) => `S${index}`);
    const colours = Array.from({ length: 10 }, (_, index) => `C${index}`);
    const variants = sizes.flatMap((size) =>
      colours.map((colour) => ({
        sku: `wide-${size}-${colour}`,
        options: [
          { name: 'Size', value: size },
          { name: 'Colour', value: colour },
        ],
      })),
    );
    const options = [
      { name: 'Size', values: sizes },
      { name: 'Colour', values: colours },
    ];
    expect(refusals(await create({ options, variants }))).toEqual(['LIMIT_REACHED at variants']);
    const product = done(await create({ options, variants: variants.slice(0, 250) }));
    const one = await addVariant(desk.services, EDITOR, { productId: product._id, variant: variants[255]! });
    expect(refusals(one)).toEqual(['LIMIT_REACHED at variant']);
  });

  test('a variant is changed under a version of its own', async () => {
    const product = await newProduct(desk, shelf);
    const [variant] = product.variants;
    const changed = done(
      await changeVariant(desk.services, EDITOR, {
        variantId: variant!.id,
        expectedVersion: 1,
        barcode: '400-6381333931',
        weightGrams: 950,
        dimensions: { lengthMm: 10, widthMm: 30, heightMm: 20 },
      }),
    );
    expect(changed.variant).toMatchObject({
      version: 2,
      barcode: '4006381333931',
      dimensions: { lengthMm: 30, widthMm: 20, heightMm: 10 },
    });
    expect(changed.product.version).toBe(1);
    const late = await changeVariant(desk.services, EDITOR, {
      variantId: variant!.id,
      expectedVersion: 1,
      weightGrams: 1,
    });
    expect(refusals(late)).toEqual(['VERSION_CONFLICT at expectedVersion']);
    expect(late).toMatchObject({ current: { variant: { weightGrams: 950 } } });
  });

  test('a variant is refused what makes no sense', async () => {
    const { variants } = await newProduct(desk, shelf);
    const outcome = await changeVariant(desk.services, EDITOR, {
      variantId: variants[0]!.id,
      expectedVersion: 1,
      sku: ' ',
      barcode: '4006381333932',
      weightGrams: -1,
      dimensions: { lengthMm: 0, widthMm: 1, heightMm: 1 },
      image: { kind: 'IMAGE', url: 'https://cdn.test/a.jpg', alt: '', width: 0 },
    });
    expect(refusals(outcome)).toEqual([
      'VALUE_INVALID at sku',
      'VALUE_INVALID at barcode',
      'VALUE_INVALID at weightGrams',
      'VALUE_INVALID at dimensions',
      'VALUE_INVALID at image.alt',
      'VALUE_INVALID at image.width',
    ]);
  });
});
