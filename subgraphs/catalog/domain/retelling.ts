/** Tells of every product how it stands, for a domain that was not there when it was told the first time. */
import { findProductsBehind, retellProducts as push } from '../store/retelling.ts';
import { outgoing } from './outgoing.ts';
import type { Services } from './services.ts';

const AT_ONCE = 500;
const MAX_TRIES = 10;

/** Answers how many there are. */
export async function retellProducts(services: Services): Promise<number> {
  let told = 0;
  for (let last = ''; ; ) {
    const batch = await retellBatch(services, last);
    told += batch.length;
    if (batch.length < AT_ONCE) return told;
    last = batch.at(-1)!._id;
  }
}

async function retellBatch(services: Services, last: string) {
  for (let tries = 1; ; tries++) {
    const batch = await findProductsBehind(services.collections, last, AT_ONCE);
    const events = batch.map(({ _id: productId, revision, status }) => ({
      productId,
      revision,
      event: outgoing(services, {}, { type: 'catalog.product.retold', data: { productId, status } }),
    }));
    const matched = await push(services.collections, events);
    // One that was written in between stands otherwise now. To tell of the others twice does no harm.
    if (matched === batch.length) return batch;
    if (tries === MAX_TRIES) throw new Error('products are written faster than they can be told of');
  }
}
