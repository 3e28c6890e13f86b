/** A shop in a room of its own: what clients do through GraphQL, in a word each. */
import { expect } from '@jest/globals';
import { openRoom, STAFF, type TestRoom } from './room.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for
export type Loose = any;

export interface Shop extends TestRoom {
  shelf: { id: string };
  /** Runs a mutation as staff and answers its payload, with `userErrors`. */
  run(field: string, type: string, input: object, ask: string): Promise<Loose>;
  newCategory(name: string, parentId?: string): Promise<Loose>;
  /** On the shelf, in two sizes. */
  newProduct(title: string, parts?: object): Promise<Loose>;
  publish(product: { id: string; version: number }): Promise<Loose>;
  /** Of lamps and vases, in centimetres. */
  newHeight(): Promise<void>;
}

const PRODUCT =
  'product { id version slug title status variants { nodes { id sku title version isRetired } } }';

export async function openShop(): Promise<Shop> {
  const room = await openRoom();
  const run: Shop['run'] = async (field, type, input, ask) => {
    const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${ask} userErrors { kind code field } } }`;
    const { data, errors } = await room.ask(query, { input }, STAFF);
    expect(errors).toBeUndefined();
    return data[field];
  };
  const newCategory: Shop['newCategory'] = async (name, parentId) => {
    const ask = 'category { id version slug }';
    return (await run('categoryCreate', 'CategoryCreateInput', { name, parentId }, ask)).category;
  };
  const shelf = await newCategory('Shelf');
  return {
    ...room,
    shelf,
    run,
    newCategory,
    newProduct: async (title, parts = {}) => {
      const input = {
        title,
        description: 'Made by hand.',
        categoryIds: [shelf.id],
        options: [{ name: 'Size', values: ['S', 'L'] }],
        variants: ['S', 'L'].map((value) => ({
          sku: `${title}-${value}`,
          options: [{ name: 'Size', value }],
        })),
        ...parts,
      };
      return (await run('productCreate', 'ProductCreateInput', input, PRODUCT)).product;
    },
    publish: async ({ id, version }) => {
      const input = { productId: id, expectedVersion: version };
      return (await run('productPublish', 'ProductPublishInput', input, PRODUCT)).product;
    },
    newHeight: async () => {
      const input = { code: 'height', label: 'Height', kind: 'NUMBER', unit: 'cm', isFacet: true };
      await run('attributeSave', 'AttributeSaveInput', input, 'attribute { code }');
    },
  };
}
