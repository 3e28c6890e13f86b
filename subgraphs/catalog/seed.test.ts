import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { choicesOf, demoAttributes, demoProducts } from '../../demo/products.ts';
import { departments, shelves } from '../../demo/shelves/shelves.ts';
import { isCatalogEmpty, seedAttributes, seedCategories, seedProducts } from './seed.ts';
import { openRoom, type TestRoom, withStores } from './tests/room.ts';

const DAY_MS = 24 * 60 * 60_000;
/** The whole shop, or more than a batch of it. */
const PRODUCTS = process.env.SOUK_LONG_TESTS ? 600 : 200;
const PRODUCT_PAGE = `query ($slug: String!) { productBySlug(slug: $slug) {
  id slug title description brand seo { title description } categories { id name slug }
  attributes { attribute { code label unit } values } options { name values }
  media(first: 10) { nodes { id kind url alt } }
  variants(first: 50) { nodes { id sku title options { name value } } } } }`;

withStores('the demo shop', () => {
  let room: TestRoom;
  let seconds: number;
  const demo = demoProducts();
  const shown = demo.slice(0, PRODUCTS);
  const typed = shown.map(({ option, variants, ...product }, index) => ({
    ...product,
    options: [option],
    variants: variants.map(({ choice, ...variant }) => ({
      ...variant,
      options: [{ name: option.name, value: choice }],
    })),
    publishedAt: new Date(Date.now() - DAY_MS * (index / 2)),
  }));

  beforeAll(async () => {
    room = await openRoom();
    const { services } = room;
    expect(await isCatalogEmpty(services)).toBe(true);
    const started = performance.now();
    const categories = await seedCategories(services, [...departments, ...shelves]);
    await seedAttributes(
      services,
      demoAttributes.map((attribute) =>
        attribute.kind === 'CHOICE' ? { ...attribute, choices: choicesOf(attribute.code) } : attribute,
      ),
    );
    const progress: number[] = [];
    const seeded = await seedProducts(services, categories, typed, (done) => progress.push(done));
    seconds = (performance.now() - started) / 1000;
    expect(demo).toHaveLength(600);
    expect(seeded).toHaveLength(PRODUCTS);
    expect(seeded.flatMap(({ variantIds }) => variantIds)).toHaveLength(PRODUCTS * 3);
    expect(progress.at(-1)).toBe(PRODUCTS);
  });
  afterAll(() => room.close());

  test('is there in a moment', () => {
    // Two seconds on a free machine; the tests share theirs.
    expect(seconds).toBeLessThan(8);
  });

  test('can be loaded again after it was cut off', async () => {
    const categories = await seedCategories(room.services, [...departments, ...shelves]);
    const again = await seedProducts(room.services, categories, typed.slice(0, 150));
    expect(again).toHaveLength(150);
    expect(await room.services.collections.products.countDocuments({})).toBe(PRODUCTS);
  });

  test('counts what stands on its shelves', async () => {
    const { data } = await room.ask('{ rootCategories { productCount children { slug productCount } } }');
    const standingOn = (slugs: string[]) =>
      shown.filter(({ categorySlug }) => slugs.includes(categorySlug)).length;
    type Counted = { slug: string; productCount: number };
    for (const { productCount, children } of data.rootCategories as (Counted & { children: Counted[] })[]) {
      expect(productCount).toBe(standingOn(children.map(({ slug }) => slug)));
      for (const child of children) expect(child.productCount).toBe(standingOn([child.slug]));
    }
    const below = data.rootCategories.flatMap(({ children }: { children: Counted[] }) => children);
    expect([data.rootCategories.length, below.length]).toEqual([departments.length, shelves.length]);
    expect(await isCatalogEmpty(room.services)).toBe(false);
  });

  test('shows a product page in two round trips', async () => {
    const { data, errors, roundTrips } = await room.ask(PRODUCT_PAGE, { slug: typed[7]!.slug });
    expect(errors).toBeUndefined();
    expect(data.productBySlug).toMatchObject({ title: typed[7]!.title, seo: { title: typed[7]!.title } });
    expect(data.productBySlug.variants.nodes).toHaveLength(3);
    expect(data.productBySlug.attributes).toHaveLength(4);
    expect(roundTrips).toBe(2);
  });

  test('lists twenty products with their variants in one', async () => {
    const { data, roundTrips } = await room.ask(
      '{ products(first: 20) { nodes { title cover { url alt } variants(first: 10) { nodes { sku title } } } } }',
    );
    expect(data.products.nodes.map(({ title }: { title: string }) => title)).toEqual(
      typed.slice(0, 20).map(({ title }) => title),
    );
    expect(roundTrips).toBe(1);
  });

  test('draws the cover that a product shows', async () => {
    const { data } = await room.ask(
      'query ($slug: String!) { productBySlug(slug: $slug) { cover { url alt width } } }',
      {
        slug: typed[0]!.slug,
      },
    );
    expect(data.productBySlug.cover.alt).toBe(typed[0]!.coverAlt);
    const drawn = await room.fetch('GET', data.productBySlug.cover.url);
    expect(drawn.status).toBe(200);
    expect(drawn.headers['content-type']).toContain('image/svg+xml');
  });
});
