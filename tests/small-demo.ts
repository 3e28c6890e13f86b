/** A demo shop that is loaded in a second, for suites that are not about its size: a page of lamps, and newer things beside. */
import { type DemoProduct, demoProducts } from '../demo/products.ts';

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
