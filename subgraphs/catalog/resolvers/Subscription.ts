import { badUserInput } from '@souk/kit/errors/errors';
import { tellEach } from '@souk/kit/subscriptions/tell-each';
import { PRODUCT_CHANGES, PRODUCT_NEWS } from '../domain/product-changes.ts';
import { isNewsOfShop } from '../domain/visibility.ts';
import type { SubscriptionResolvers } from '../generated/resolver-types.ts';
import { findImports } from '../store/imports.ts';
import { findProducts } from '../store/products.ts';
import { requireId, requireScope } from './authorise.ts';

const MAX_PRODUCTS = 100;

export const Subscription: SubscriptionResolvers = {
  productChanged: {
    subscribe: async (_, { productIds, includeDrafts, after }, { viewer, services }) => {
      if (includeDrafts) requireScope(viewer, 'catalog:read');
      const topics = watched(productIds);
      const events = await services.live.follow({ topics, types: PRODUCT_NEWS, after });
      return tellEach(events, async ({ cursor, event: { type, aggregateId, occurredAt } }) => {
        const [product] = await findProducts(services.collections, [aggregateId]);
        const change = PRODUCT_CHANGES[type];
        if (!product || !(includeDrafts || isNewsOfShop(product, change))) return undefined;
        return { productChanged: { cursor, occurredAt, change, product } };
      });
    },
  },

  productImportProgressed: {
    subscribe: async (_, { id, after }, { viewer, services }) => {
      requireScope(viewer, 'catalog:write');
      const [known] = await findImports(services.collections, [requireId('imp', id, 'id')]);
      if (!known) throw badUserInput('There is no such import', 'id');
      const events = await services.live.follow({ topics: [id], after });
      let lastTold = '';
      return tellEach(events, async ({ cursor, event: { occurredAt } }) => {
        const [row] = await findImports(services.collections, [id]);
        if (!row) return undefined;
        // Of what piled up while a client was away, the first event tells how the import stands and the rest nothing new.
        const standing = `${row.state} ${row.processedRows}`;
        if (standing === lastTold) return undefined;
        lastTold = standing;
        return { productImportProgressed: { cursor, occurredAt, import: row } };
      });
    },
  },
};

function watched(productIds: readonly string[]): string[] {
  if (productIds.length === 0) throw badUserInput('`productIds` needs at least one id', 'productIds');
  if (productIds.length > MAX_PRODUCTS) {
    const message = `\`productIds\` takes at most ${MAX_PRODUCTS} ids, not ${productIds.length}`;
    throw badUserInput(message, 'productIds');
  }
  return [...new Set(productIds.map((id, index) => requireId('prd', id, `productIds.${index}`)))];
}
