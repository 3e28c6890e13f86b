/** Lists as clients turn their pages and narrow them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { STAFF, withStores } from './room.ts';
import { type Loose, openShop, type Shop } from './shop.ts';

withStores('lists', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.newHeight();
  });
  afterAll(() => shop.close());

  describe('lists', () => {
    test('turn page by page in both directions and every order', async () => {
      const tray = await shop.newCategory('Tray');
      for (let index = 0; index < 7; index++) {
        await shop.publish(await shop.newProduct(`Tray ${index % 3} ${index}`, { categoryIds: [tray.id] }));
      }
      const ask = `query ($id: ID!, $sort: ProductSort, $first: Int, $after: String, $last: Int, $before: String) {
        category(id: $id) { products(sort: $sort, first: $first, after: $after, last: $last, before: $before) {
          nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
      for (const sort of ['NEWEST', 'TITLE', 'UPDATED']) {
        const page = async (args: object) =>
          (await shop.ask(ask, { id: tray.id, sort, ...args })).data.category.products;
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
      const top = await shop.newCategory('Filtered');
      const below = await shop.newCategory('Filtered below', top.id);
      const a = await shop.publish(
        await shop.newProduct('Fil A', {
          categoryIds: [top.id],
          brand: 'Acme',
          attributes: [{ code: 'height', values: ['1'] }],
        }),
      );
      const b = await shop.publish(
        await shop.newProduct('Fil B', {
          categoryIds: [below.id],
          brand: 'Bell',
          attributes: [{ code: 'height', values: ['2'] }],
        }),
      );
      const ids = async (filter: object, scopes: string[] = []) => {
        const { data, errors } = await shop.ask(
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
      const own = await shop.ask(
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
      const { errors } = await shop.ask(`{ ${field} { nodes { __typename } } }`);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    });

    test('refuse a cursor of another list', async () => {
      const { data } = await shop.ask('{ attributes(first: 1) { pageInfo { endCursor } } }');
      const { errors } = await shop.ask(
        'query ($after: String) { products(after: $after) { nodes { id } } }',
        { after: data.attributes.pageInfo.endCursor },
      );
      expect(errors).toMatchObject([
        { message: expect.stringContaining('another list'), extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    });

    test('of ids take a hundred', async () => {
      const { errors } = await shop.ask('query ($ids: [ID!]!) { productsByIds(ids: $ids) { id } }', {
        ids: Array(101).fill('x'),
      });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'ids' } }]);
    });
  });
});
