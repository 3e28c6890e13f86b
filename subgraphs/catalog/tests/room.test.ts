/** What a client sees of the room, through GraphQL and its two routes. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { silentLog } from '@souk/kit/log';
import { serve } from '@souk/kit/serve';
import { productLines } from './import-file.ts';
import { openRoom, STAFF, type TestRoom, withStores } from './room.ts';
import { until } from './until.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for
type Loose = any;
const ERRORS = 'userErrors { kind code field }';

withStores('the room', () => {
  let room: TestRoom;
  let shelf: { id: string };
  beforeAll(async () => {
    room = await openRoom();
    shelf = await newCategory('Shelf');
  });
  afterAll(() => room.close());

  async function run(field: string, type: string, input: object, ask: string): Promise<Loose> {
    const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${ask} ${ERRORS} } }`;
    const { data, errors } = await room.ask(query, { input }, STAFF);
    expect(errors).toBeUndefined();
    return data[field];
  }

  async function newCategory(name: string, parentId?: string) {
    const { category } = await run(
      'categoryCreate',
      'CategoryCreateInput',
      { name, parentId },
      'category { id version slug }',
    );
    return category;
  }

  async function newProduct(title: string, parts: object = {}) {
    const input = {
      title,
      description: 'Made by hand.',
      categoryIds: [shelf.id],
      options: [{ name: 'Size', values: ['S', 'L'] }],
      variants: ['S', 'L'].map((value) => ({ sku: `${title}-${value}`, options: [{ name: 'Size', value }] })),
      ...parts,
    };
    const { product } = await run('productCreate', 'ProductCreateInput', input, `product { ${PRODUCT} }`);
    return product;
  }

  async function publish({ id, version }: { id: string; version: number }) {
    const input = { productId: id, expectedVersion: version };
    const { product } = await run('productPublish', 'ProductPublishInput', input, `product { ${PRODUCT} }`);
    return product;
  }

  const PRODUCT = 'id version slug title status variants { nodes { id sku title version isRetired } }';

  test('what a product page needs is there', async () => {
    await run(
      'attributeSave',
      'AttributeSaveInput',
      { code: 'height', label: 'Height', kind: 'NUMBER', unit: 'cm', isFacet: true },
      'attribute { code }',
    );
    const made = await newProduct('Vase', {
      brand: 'Clay & Co',
      attributes: [{ code: 'height', values: ['31.5'] }],
      media: [
        { kind: 'VIDEO', url: 'https://cdn.test/vase.mp4', alt: 'Being thrown' },
        { kind: 'IMAGE', url: 'https://cdn.test/vase.jpg', alt: 'A vase', width: 800, height: 600 },
      ],
      seo: { description: 'A vase.' },
    });
    await publish(made);
    const { data, errors } = await room.ask(`{ productBySlug(slug: "vase") {
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
    const rest = await room.ask(
      'query ($id: ID!, $after: String) { product(id: $id) { variants(after: $after) { nodes { title } } } }',
      { id: made.id, after: endCursor },
    );
    expect(rest.data.product.variants.nodes).toEqual([{ title: 'L' }]);
  });

  describe('drafts', () => {
    test('are seen by staff alone, by whatever way one asks', async () => {
      const draft = await newProduct('Secret');
      const [variant] = draft.variants.nodes;
      const query = `query ($id: ID!, $variant: ID!, $entities: [_Any!]!) {
        product(id: $id) { id } productBySlug(slug: "secret") { id } productsByIds(ids: [$id]) { id }
        variant(id: $variant) { id } variantBySku(sku: "Secret-S") { id }
        products(first: 100) { nodes { id } } category(id: "${shelf.id}") { products(first: 100) { nodes { id } } }
        _entities(representations: $entities) { __typename } }`;
      const entities = [
        { __typename: 'Product', id: draft.id },
        { __typename: 'Variant', id: variant.id },
      ];
      const variables = { id: draft.id, variant: variant.id, entities };
      const seen = async (scopes: readonly string[]) =>
        JSON.stringify((await room.ask(query, variables, scopes)).data);
      expect(await seen([])).not.toContain(draft.id);
      expect(await seen([])).not.toContain(variant.id);
      expect(await seen(['catalog:write'])).not.toContain(draft.id);
      const staff = (await room.ask(query, variables, ['catalog:read'])).data;
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
      const { data, errors } = await room.ask(query);
      expect(data.products).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', argument: 'filter.statuses' } }]);
      expect((await room.ask(query, {}, ['catalog:read'])).errors).toBeUndefined();
    });
  });

  test('what an order points to stays readable when it has left the shop', async () => {
    const shown = await publish(await newProduct('Retiring'));
    const [first] = shown.variants.nodes;
    await run(
      'variantRetire',
      'VariantRetireInput',
      { variantId: first.id, expectedVersion: 1 },
      'variant { isRetired }',
    );
    const inShop = await room.ask('query ($id: ID!) { product(id: $id) { variants { nodes { sku } } } }', {
      id: shown.id,
    });
    expect(inShop.data.product.variants.nodes).toEqual([{ sku: 'Retiring-L' }]);
    const archived = await run(
      'productArchive',
      'ProductArchiveInput',
      { productId: shown.id, expectedVersion: shown.version },
      'product { status }',
    );
    expect(archived.product.status).toBe('ARCHIVED');
    const { data } = await room.ask(
      'query ($entities: [_Any!]!, $id: ID!) { product(id: $id) { id } _entities(representations: $entities) { ... on Variant { sku isRetired product { title } } } }',
      { entities: [{ __typename: 'Variant', id: first.id }], id: shown.id },
    );
    expect(data.product).toBeNull();
    expect(data._entities).toEqual([{ sku: 'Retiring-S', isRetired: true, product: { title: 'Retiring' } }]);
  });

  test('entities are one query a type, in order, null where there is none', async () => {
    const products = await Promise.all(['Ent A', 'Ent B', 'Ent C'].map((title) => newProduct(title)));
    const ids = products.flatMap(({ id, variants }) => [
      { __typename: 'Product', id },
      { __typename: 'Variant', id: variants.nodes[1].id },
    ]);
    const representations = [
      ...ids,
      { __typename: 'Category', id: shelf.id },
      { __typename: 'Attribute', code: 'height' },
      { __typename: 'Product', id: 'prd_01J00000000000000000000000' },
      { __typename: 'Product', id: shelf.id },
      ...ids,
    ];
    const { data, errors, roundTrips } = await room.ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Product { id } ... on Variant { vid: id } ... on Category { cid: id } ... on Attribute { code } } }`,
      { representations },
      STAFF,
    );
    expect(errors).toBeUndefined();
    const expected = ids.map(({ __typename, id }) => (__typename === 'Product' ? { id } : { vid: id }));
    expect(data._entities).toEqual([
      ...expected,
      { cid: shelf.id },
      { code: 'height' },
      null,
      null,
      ...expected,
    ]);
    expect(roundTrips).toBe(4);
  });

  describe('lists', () => {
    test('turn page by page in both directions and every order', async () => {
      const tray = await newCategory('Tray');
      for (let index = 0; index < 7; index++) {
        await publish(await newProduct(`Tray ${index % 3} ${index}`, { categoryIds: [tray.id] }));
      }
      const ask = `query ($id: ID!, $sort: ProductSort, $first: Int, $after: String, $last: Int, $before: String) {
        category(id: $id) { products(sort: $sort, first: $first, after: $after, last: $last, before: $before) {
          nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
      for (const sort of ['NEWEST', 'TITLE', 'UPDATED']) {
        const page = async (args: object) =>
          (await room.ask(ask, { id: tray.id, sort, ...args })).data.category.products;
        const all = (await page({ first: 100 })).nodes.map(({ id }: { id: string }) => id);
        expect(all).toHaveLength(7);
        const forward: string[] = [];
        let after: string | null = null;
        do {
          const { nodes, pageInfo }: Loose = await page({ first: 2, after });
          forward.push(...nodes.map(({ id }: { id: string }) => id));
          after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
        } while (after !== null);
        const backward: string[] = [];
        let before: string | null = null;
        do {
          const { nodes, pageInfo }: Loose = await page({ last: 3, before });
          backward.unshift(...nodes.map(({ id }: { id: string }) => id));
          before = pageInfo.hasPreviousPage ? pageInfo.startCursor : null;
        } while (before !== null);
        expect([forward, backward]).toEqual([all, all]);
      }
    });

    test('are narrowed by what the filter says', async () => {
      const top = await newCategory('Filtered');
      const below = await newCategory('Filtered below', top.id);
      const a = await publish(
        await newProduct('Fil A', {
          categoryIds: [top.id],
          brand: 'Acme',
          attributes: [{ code: 'height', values: ['1'] }],
        }),
      );
      const b = await publish(
        await newProduct('Fil B', {
          categoryIds: [below.id],
          brand: 'Bell',
          attributes: [{ code: 'height', values: ['2'] }],
        }),
      );
      const ids = async (filter: object, scopes: string[] = []) => {
        const { data, errors } = await room.ask(
          'query ($filter: ProductFilter) { products(filter: $filter, sort: TITLE) { nodes { id } } }',
          { filter },
          scopes,
        );
        expect(errors).toBeUndefined();
        return data.products.nodes.map(({ id }: { id: string }) => id);
      };
      expect(await ids({ categoryIds: [top.id] })).toEqual([a.id, b.id]);
      expect(await ids({ categoryIds: [below.id] })).toEqual([b.id]);
      expect(await ids({ categoryIds: [top.id, below.id], brands: ['Acme', 'Other'] })).toEqual([a.id]);
      expect(
        await ids({ categoryIds: [top.id], attributes: [{ code: 'height', values: ['2', '3'] }] }),
      ).toEqual([b.id]);
      expect(await ids({ categoryIds: [top.id], attributes: [{ code: 'height', values: [] }] })).toEqual([]);
      expect(await ids({ categoryIds: [top.id], updatedAt: { to: '2020-01-01T00:00:00.000Z' } })).toEqual([]);
      expect(
        await ids(
          {
            categoryIds: [top.id],
            statuses: ['DRAFT', 'PUBLISHED'],
            updatedAt: { from: '2020-01-01T00:00:00.000Z' },
          },
          STAFF,
        ),
      ).toEqual([a.id, b.id]);
      const own = await room.ask(
        'query ($id: ID!) { category(id: $id) { products(includeDescendants: false) { nodes { id } } children { id } } }',
        { id: top.id },
      );
      expect(own.data.category).toEqual({
        products: { nodes: [{ id: a.id }] },
        children: [{ id: below.id }],
      });
    });

    test.each([
      ['products(first: 0)', 'first'],
      ['products(first: -1)', 'first'],
      ['products(first: 101)', 'first'],
      ['products(first: 2, last: 2)', 'last'],
      ['products(after: "rubbish")', 'after'],
      ['attributes(last: 101)', 'last'],
    ])('refuse %s', async (field, argument) => {
      const { errors } = await room.ask(`{ ${field} { nodes { __typename } } }`);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    });

    test('refuse a cursor of another list', async () => {
      const { data } = await room.ask('{ attributes(first: 1) { pageInfo { endCursor } } }');
      const { errors } = await room.ask(
        'query ($after: String) { products(after: $after) { nodes { id } } }',
        { after: data.attributes.pageInfo.endCursor },
      );
      expect(errors).toMatchObject([
        { message: expect.stringContaining('another list'), extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    });

    test('of ids take a hundred', async () => {
      const { errors } = await room.ask('query ($ids: [ID!]!) { productsByIds(ids: $ids) { id } }', {
        ids: Array(101).fill('x'),
      });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'ids' } }]);
    });
  });

  test.each(['product', 'variant', 'category'])('an id of another type is no %s', async (field) => {
    const { errors } = await room.ask(`{ ${field}(id: "usr_01J00000000000000000000000") { id } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'id' } }]);
  });

  test('a refused mutation shows the thing as it is', async () => {
    const product = await newProduct('Contested');
    const update = (title: string) =>
      run(
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
    const product = await newProduct('Everything');
    const [variant] = product.variants.nodes;
    const edit = (version: number) => ({ productId: product.id, expectedVersion: version });
    const media = [{ kind: 'IMAGE', url: 'https://cdn.test/e.jpg', alt: 'E' }];
    expect(
      (await run('productMediaSet', 'ProductMediaSetInput', { ...edit(1), media }, 'product { version }'))
        .product.version,
    ).toBe(2);
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const planned = await run(
      'productScheduleSet',
      'ProductScheduleSetInput',
      { ...edit(2), publishAt: later },
      'product { status publication { publishAt } }',
    );
    expect(planned.product).toEqual({ status: 'SCHEDULED', publication: { publishAt: later } });
    expect(
      (await run('productUnpublish', 'ProductUnpublishInput', edit(3), 'product { status }')).product.status,
    ).toBe('DRAFT');
    const changed = await run(
      'variantUpdate',
      'VariantUpdateInput',
      { variantId: variant.id, expectedVersion: 1, weightGrams: 5 },
      'variant { weightGrams version }',
    );
    expect(changed.variant).toEqual({ weightGrams: 5, version: 2 });
    const taken = { productId: product.id, variant: { sku: 'E-2', options: [{ name: 'Size', value: 'S' }] } };
    expect(
      (await run('variantCreate', 'VariantCreateInput', taken, 'variant { id }')).userErrors,
    ).toMatchObject([{ code: 'OPTIONS_MISMATCH' }]);
    const category = await newCategory('Everything');
    const renamed = await run(
      'categoryUpdate',
      'CategoryUpdateInput',
      { categoryId: category.id, expectedVersion: 1, description: 'All.' },
      'category { description version }',
    );
    expect(renamed.category).toEqual({ description: 'All.', version: 2 });
    const moved = await run(
      'categoryMove',
      'CategoryMoveInput',
      { categoryId: category.id, expectedVersion: 2, parentId: shelf.id },
      'category { version parent { id } ancestors { id } }',
    );
    expect(moved.category).toEqual({ version: 3, parent: { id: shelf.id }, ancestors: [{ id: shelf.id }] });
    const deleted = await run(
      'categoryDelete',
      'CategoryDeleteInput',
      { categoryId: category.id, expectedVersion: 3 },
      'deletedCategoryId',
    );
    expect(deleted).toEqual({ deletedCategoryId: category.id, userErrors: [] });
  });

  describe('covers', () => {
    test('are drawn for what is in the shop, and may be kept', async () => {
      const shown = await publish(await newProduct('Cover <me> & co'));
      const byId = await room.fetch('GET', `/media/covers/${shown.id}.svg`);
      const bySlug = await room.fetch('GET', `/media/covers/${shown.slug}.svg`);
      expect(byId).toMatchObject({
        status: 200,
        headers: { 'content-type': 'image/svg+xml; charset=utf-8' },
      });
      expect(byId.headers['cache-control']).toContain('max-age');
      expect(bySlug.body).toBe(byId.body);
      const again = await room.fetch('GET', `/media/covers/${shown.id}.svg`, undefined, {
        'if-none-match': byId.headers.etag!,
      });
      expect(again).toMatchObject({ status: 304, body: '' });
      const draft = await newProduct('No cover yet');
      for (const key of [draft.id, draft.slug, 'nothing', 'prd_01J00000000000000000000000']) {
        expect((await room.fetch('GET', `/media/covers/${key}.svg`)).status).toBe(404);
      }
    });
  });

  describe('an import', () => {
    const START = 'import { id state format isDryRun totalRows startedBy { id } } uploadUrl';
    const start = () => run('productImportStart', 'ProductImportStartInput', { format: 'NDJSON' }, START);

    test('goes from its address to its end over HTTP', async () => {
      const served = await serve({ handler: room.room.handler, streams: room.room.streams, log: silentLog });
      try {
        await newCategory('Bowls');
        const started = await start();
        expect(started.import).toMatchObject({
          state: 'AWAITING_UPLOAD',
          totalRows: null,
          startedBy: { id: expect.stringMatching(/^usr_/) },
        });
        const address = new URL(started.uploadUrl);
        const put = (body: string, query = address.search, headers = {}) =>
          fetch(`${served.url}${address.pathname}${query}`, { method: 'PUT', body, headers });
        expect((await put('x', '?signature=AAAA')).status).toBe(403);
        expect((await put('x', address.search, { 'content-encoding': 'gzip' })).status).toBe(415);
        // More than a body may have elsewhere.
        const file = `${productLines(3_000)}not json\n`;
        expect(file.length).toBeGreaterThan(1_048_576);
        const sent = await put(file);
        expect([sent.status, await sent.json()]).toEqual([202, { rows: 3_001, bytes: file.length }]);
        expect((await put(file)).status).toBe(403);
        const ask = `query ($id: ID!) { productImport(id: $id) { state totalRows processedRows createdCount updatedCount failedCount finishedAt
          failures(first: 5) { nodes { row sku field message } } } productImports(first: 1) { nodes { id } } }`;
        const progress = await until(async () => {
          const { data, errors } = await room.ask(ask, { id: started.import.id }, STAFF);
          expect(errors).toBeUndefined();
          expect(data.productImports.nodes).toEqual([{ id: started.import.id }]);
          return data.productImport.state === 'RUNNING' ? undefined : data.productImport;
        });
        expect(progress).toMatchObject({
          state: 'COMPLETED',
          totalRows: 3_001,
          processedRows: 3_001,
          createdCount: 9_000,
          failedCount: 1,
          failures: {
            nodes: [{ row: 3_001, sku: null, message: expect.stringContaining('not valid JSON') }],
          },
        });
      } finally {
        await served.stop();
      }
    }, 60_000);

    test('can be cancelled before its file is there', async () => {
      const started = await start();
      const cancelled = await run(
        'productImportCancel',
        'ProductImportCancelInput',
        { importId: started.import.id },
        'import { state }',
      );
      expect(cancelled).toEqual({ import: { state: 'CANCELLED' }, userErrors: [] });
      const { pathname, search } = new URL(started.uploadUrl);
      expect((await room.fetch('PUT', pathname + search, Buffer.from('{}'))).status).toBe(403);
      const again = await run(
        'productImportCancel',
        'ProductImportCancelInput',
        { importId: started.import.id },
        'import { state }',
      );
      expect(again).toMatchObject({
        import: { state: 'CANCELLED' },
        userErrors: [{ code: 'IMPORT_FINISHED' }],
      });
    });
  });
});
