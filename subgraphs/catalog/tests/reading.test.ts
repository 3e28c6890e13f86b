/** What a client may read, and who sees what. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { STAFF, withStores } from './room.ts';
import { openShop, type Shop } from './shop.ts';

withStores('reading', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.newHeight();
  });
  afterAll(() => shop.close());

  test('what a product page needs is there', async () => {
    const made = await shop.newProduct('Vase', {
      brand: 'Clay & Co',
      attributes: [{ code: 'height', values: ['31.5'] }],
      media: [
        { kind: 'VIDEO', url: 'https://cdn.test/vase.mp4', alt: 'Being thrown' },
        { kind: 'IMAGE', url: 'https://cdn.test/vase.jpg', alt: 'A vase', width: 800, height: 600 },
      ],
      seo: { description: 'A vase.' },
    });
    await shop.publish(made);
    const { data, errors } = await shop.ask(`{ productBySlug(slug: "vase") {
      id title description brand status imageUrl publication { publishedAt publishAt unpublishAt } seo { title description }
      categories { name parent { id } ancestors { id } } attributes { attribute { code label unit kind choices isMultiple isFacet version } values }
      options { name values } media { nodes { id kind url alt width } pageInfo { hasNextPage } } cover { alt }
      variants(first: 1) { edges { cursor node { id title image { alt } product { id } options { name value } dimensions { lengthMm } } } pageInfo { hasNextPage endCursor } }
      variantForOptions(options: [{ name: "Size", value: "L" }]) { sku }
      none: variantForOptions(options: [{ name: "Size", value: "XXL" }]) { sku }
      createdAt updatedAt } }`);
    expect(errors).toBeUndefined();
    expect(data.productBySlug).toMatchObject({
      id: made.id,
      status: 'PUBLISHED',
      imageUrl: 'https://cdn.test/vase.jpg',
      seo: { title: 'Vase', description: 'A vase.' },
      categories: [{ name: 'Shelf', parent: null, ancestors: [] }],
      attributes: [
        { attribute: { code: 'height', label: 'Height', unit: 'cm', choices: null }, values: ['31.5'] },
      ],
      media: { nodes: [{ kind: 'VIDEO' }, { kind: 'IMAGE', width: 800 }] },
      cover: { alt: 'A vase' },
      variants: {
        edges: [{ node: { title: 'S', image: { alt: 'A vase' }, product: { id: made.id } } }],
        pageInfo: { hasNextPage: true },
      },
      variantForOptions: { sku: 'Vase-L' },
      none: null,
    });
    const { endCursor } = data.productBySlug.variants.pageInfo;
    const rest = await shop.ask(
      'query ($id: ID!, $after: String) { product(id: $id) { variants(after: $after) { nodes { title } } } }',
      { id: made.id, after: endCursor },
    );
    expect(rest.data.product.variants.nodes).toEqual([{ title: 'L' }]);
  });

  describe('drafts', () => {
    test('are seen by staff alone, by whatever way one asks', async () => {
      const draft = await shop.newProduct('Secret');
      const [variant] = draft.variants.nodes;
      const query = `query ($id: ID!, $variant: ID!, $entities: [_Any!]!) {
        product(id: $id) { id } productBySlug(slug: "secret") { id } productsByIds(ids: [$id]) { id }
        variant(id: $variant) { id } variantBySku(sku: "Secret-S") { id }
        products(first: 100) { nodes { id } } category(id: "${shop.shelf.id}") { products(first: 100) { nodes { id } } }
        _entities(representations: $entities) { __typename } }`;
      const entities = [
        { __typename: 'Product', id: draft.id },
        { __typename: 'Variant', id: variant.id },
      ];
      const variables = { id: draft.id, variant: variant.id, entities };
      const seen = async (scopes: readonly string[]) =>
        JSON.stringify((await shop.ask(query, variables, scopes)).data);
      expect(await seen([])).not.toContain(draft.id);
      expect(await seen([])).not.toContain(variant.id);
      expect(await seen(['catalog:write'])).not.toContain(draft.id);
      const staff = (await shop.ask(query, variables, ['catalog:read'])).data;
      expect(staff).toMatchObject({
        product: { id: draft.id },
        productsByIds: [{ id: draft.id }],
        variant: { id: variant.id },
        _entities: [{ __typename: 'Product' }, { __typename: 'Variant' }],
      });
      expect(staff.products.nodes).toContainEqual({ id: draft.id });
      // A shelf shows what is published, to everyone.
      expect(staff.category.products.nodes).not.toContainEqual({ id: draft.id });
    });

    test('cannot be asked for by their status', async () => {
      const query = '{ products(filter: { statuses: [PUBLISHED, DRAFT] }) { nodes { id } } }';
      const { data, errors } = await shop.ask(query);
      expect(data.products).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', argument: 'filter.statuses' } }]);
      expect((await shop.ask(query, {}, ['catalog:read'])).errors).toBeUndefined();
    });
  });

  test('what an order points to stays readable when it has left the shop', async () => {
    const shown = await shop.publish(await shop.newProduct('Retiring'));
    const [first] = shown.variants.nodes;
    await shop.run(
      'variantRetire',
      'VariantRetireInput',
      { variantId: first.id, expectedVersion: 1 },
      'variant { isRetired }',
    );
    const inShop = await shop.ask('query ($id: ID!) { product(id: $id) { variants { nodes { sku } } } }', {
      id: shown.id,
    });
    expect(inShop.data.product.variants.nodes).toEqual([{ sku: 'Retiring-L' }]);
    const archived = await shop.run(
      'productArchive',
      'ProductArchiveInput',
      { productId: shown.id, expectedVersion: shown.version },
      'product { status }',
    );
    expect(archived.product.status).toBe('ARCHIVED');
    const { data } = await shop.ask(
      'query ($entities: [_Any!]!, $id: ID!) { product(id: $id) { id } _entities(representations: $entities) { ... on Variant { sku isRetired product { title } } } }',
      { entities: [{ __typename: 'Variant', id: first.id }], id: shown.id },
    );
    expect(data.product).toBeNull();
    expect(data._entities).toEqual([{ sku: 'Retiring-S', isRetired: true, product: { title: 'Retiring' } }]);
  });

  test('entities are one query a type, in order, null where there is none', async () => {
    const products = await Promise.all(['Ent A', 'Ent B', 'Ent C'].map((title) => shop.newProduct(title)));
    const ids = products.flatMap(({ id, variants }) => [
      { __typename: 'Product', id },
      { __typename: 'Variant', id: variants.nodes[1].id },
    ]);
    const representations = [
      ...ids,
      { __typename: 'Category', id: shop.shelf.id },
      { __typename: 'Attribute', code: 'height' },
      { __typename: 'Product', id: 'prd_01J00000000000000000000000' },
      { __typename: 'Product', id: shop.shelf.id },
      ...ids,
    ];
    const { data, errors, roundTrips } = await shop.ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Product { id } ... on Variant { vid: id } ... on Category { cid: id } ... on Attribute { code } } }`,
      { representations },
      STAFF,
    );
    expect(errors).toBeUndefined();
    const expected = ids.map(({ __typename, id }) => (__typename === 'Product' ? { id } : { vid: id }));
    expect(data._entities).toEqual([
      ...expected,
      { cid: shop.shelf.id },
      { code: 'height' },
      null,
      null,
      ...expected,
    ]);
    expect(roundTrips).toBe(4);
  });

  test.each(['product', 'variant', 'category'])('an id of another type is no %s', async (field) => {
    const { errors } = await shop.ask(`{ ${field}(id: "usr_01J00000000000000000000000") { id } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'id' } }]);
  });
});
