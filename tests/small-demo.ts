/** A demo shop that is loaded in a second, for suites that are not about its size: a page of lamps, and newer things beside. */
import { randomViewerKey } from '@souk/kit/auth/viewer';
import { type DemoProduct, demoProducts } from '../demo/products.ts';
import { loadDemoInto } from '../start/demo.ts';
import { openHouse } from '../start/house.ts';
import { JOB_FLAGS, parseProcessSettings } from '../start/settings.ts';
import { rooms } from '../subgraphs/registry.ts';

const LAMPS = 20;
/** With the last one, the rug that everybody is shown, and more reviews of it than fit on its page. */
const NEWEST = 16;

function smallDemo(): DemoProduct[] {
  const products = demoProducts();
  const lamps = products.filter(({ categorySlug }) => categorySlug === 'lamps').slice(-LAMPS);
  return products.filter((product, index) => lamps.includes(product) || index >= products.length - NEWEST);
}

/** The whole shop in the long mode. */
export const testedProducts: DemoProduct[] = process.env.SOUK_LONG_TESTS ? demoProducts() : smallDemo();

/** As `npm run seed` does with all of it, into the stores that the environment names. */
export async function loadSmallDemo(env: Record<string, string>): Promise<void> {
  const house = await openHouse({
    rooms,
    settings: parseProcessSettings(rooms, { env, args: [], flags: JOB_FLAGS }),
    publicUrl: 'http://127.0.0.1:4000',
    viewerKey: randomViewerKey(),
    onEmbedding: () => {},
    onCrash: (message) => {
      throw new Error(message);
    },
  });
  await loadDemoInto(house.started, { write: () => {} }, smallDemo()).finally(house.close);
}
