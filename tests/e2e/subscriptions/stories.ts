/** What happens in the shop so that a registered subscription has something to tell, by the name of its operation. */
import { expect } from '@jest/globals';
import type { Client } from '../client.ts';
import type { SmallShop } from './small-shop.ts';

export interface Story {
  variables: Record<string, unknown>;
  /** Makes the thing happen that is told, once; answers what the frame then has. */
  happen(): Promise<object>;
}

export const STORIES: Record<string, (shop: SmallShop) => Story> = {
  'dashboard/ReviewWall': (shop) => {
    const review = reviewing(shop, shop.productIds[0]!);
    return {
      variables: {},
      happen: async () => ({
        reviewPublished: {
          review: { id: await review(), author: { displayName: 'Samira H.' } },
          product: { title: 'Brass lantern', rating: { count: expect.any(Number) } },
        },
      }),
    };
  },
  'storefront/ProductReviewsLive': (shop) => {
    const review = reviewing(shop, shop.productIds[1]!);
    return {
      variables: { productId: shop.productIds[1] },
      happen: async () => ({
        reviewPublished: {
          review: { id: await review(), author: { displayName: 'Samira H.' } },
          product: { id: shop.productIds[1] },
        },
      }),
    };
  },
  'storefront/ProductLive': (shop) => {
    const id = shop.productIds[2]!;
    let edits = 0;
    return {
      variables: { productIds: [id] },
      happen: async () => {
        edits += 1;
        await editTitle(shop, id, `Reading lamp, edition ${edits}`);
        return {
          productChanged: { change: 'EDITED', product: { id, rating: { count: expect.any(Number) } } },
        };
      },
    };
  },
  'admin/ModerationLive': (shop) => ({
    variables: {},
    happen: async () => {
      const input = {
        productId: shop.productIds[0],
        body: 'Is it the one of https://finds.example/lantern?',
      };
      const asked = await done(
        await shop.as('shopper'),
        'questionAsk',
        'QuestionAskInput',
        input,
        'question { id }',
      );
      return {
        moderationRequested: {
          item: {
            reasons: ['LINK'],
            subject: {
              id: asked.question.id,
              product: { title: 'Brass lantern' },
              author: { displayName: 'Samira H.' },
            },
          },
        },
      };
    },
  }),
};

/** What a mutation answers; a refusal fails the test. */
export async function done(client: Client, field: string, type: string, input: object, selection: string) {
  const { data, errors } = await client.ask(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} userErrors { code message } } }`,
    { input },
  );
  expect(errors).toEqual([]);
  expect(data[field].userErrors).toEqual([]);
  return data[field];
}

export async function editTitle(shop: SmallShop, productId: string, title: string): Promise<void> {
  const manager = await shop.as('catalog manager');
  const found = await manager.ask('query ($id: ID!) { product(id: $id) { version } }', { id: productId });
  const input = { productId, expectedVersion: found.data.product.version, title };
  await done(manager, 'productUpdate', 'ProductUpdateInput', input, 'product { id }');
}

/** Each call publishes a review of the product anew: the last one is taken back first. */
function reviewing(shop: SmallShop, productId: string) {
  let last: string | undefined;
  return async () => {
    const shopper = await shop.as('shopper');
    if (last) await done(shopper, 'reviewDelete', 'ReviewDeleteInput', { reviewId: last }, 'review { id }');
    const input = {
      productId,
      stars: 5,
      title: 'As hoped',
      body: 'It gives light, and it gives it quietly.',
    };
    last = (await done(shopper, 'reviewSubmit', 'ReviewSubmitInput', input, 'review { id }')).review.id;
    return last!;
  };
}
