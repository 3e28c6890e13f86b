/** Loads the demo shop through the rooms' own code: once, whole, and never into a shop that has something already. */
import { randomBytes } from 'node:crypto';
import { type SeedUser, seedUsers } from '@souk/accounts/seed';
import {
  isCatalogEmpty,
  type SeededProduct,
  type SeedProduct,
  seedAttributes,
  seedCategories,
  seedProducts,
} from '@souk/catalog/seed';
import { seedQuestions, seedReviews } from '@souk/reviews/seed';
import { loadMarker } from './marker.ts';
import { demoPeople } from './people.ts';
import { ageOf, questionsOf, reviewsOf, type Shop } from './posts.ts';
import { choicesOf, type DemoProduct, demoAttributes, demoProducts } from './products.ts';
import type { Progress } from './progress.ts';
import { departments, shelves } from './shelves/shelves.ts';
import { demoSignIns } from './sign-ins.ts';

/** What the rooms' seeds work on, by room. */
export interface DemoStores {
  accounts: Parameters<typeof seedUsers>[0];
  catalog: Parameters<typeof seedProducts>[0];
  reviews: Parameters<typeof seedReviews>[0];
}

/** `kept`: somebody's own shop is there, and stays as it is. */
export type LoadOutcome = 'loaded' | 'was loaded' | 'kept';

export interface LoadOptions {
  progress: Progress;
  /** Called before the first row is written. */
  onStart(): void;
  /** All that there are when not given. */
  products?: readonly DemoProduct[] | undefined;
  now?: () => number;
}

export async function loadDemo(stores: DemoStores, options: LoadOptions): Promise<LoadOutcome> {
  const marker = loadMarker(stores.catalog.db);
  if ((await marker.state()) === 'loaded') return 'was loaded';
  return marker.alone(async () => {
    const state = await marker.state();
    if (state === 'loaded') return 'was loaded';
    if (state === 'new' && !(await isCatalogEmpty(stores.catalog))) return 'kept';
    options.onStart();
    // Marked first: whatever is found beside this mark is a load's own, and can be taken away.
    await marker.set('loading');
    if (state === 'loading') await clear(stores);
    await load(stores, options);
    await marker.set('loaded');
    return 'loaded';
  });
}

export async function isDemoLoaded({ catalog }: DemoStores): Promise<boolean> {
  return (await loadMarker(catalog.db).state()) !== 'new';
}

/** People stay: those who are there already are not opened again. */
async function clear({ catalog, reviews }: DemoStores): Promise<void> {
  const collections = [...Object.values(catalog.collections), ...Object.values(reviews.stores)];
  await Promise.all(collections.map((collection) => collection.deleteMany({})));
}

async function load(stores: DemoStores, options: LoadOptions): Promise<void> {
  const { progress, products: typed = demoProducts(), now = Date.now } = options;
  const today = now();
  // Hashing passwords keeps the thread pool busy, so the catalog is filled meanwhile.
  const people = loadPeople(stores, progress);
  // Awaited below; until then a refusal must not count as unhandled.
  people.catch(() => {});
  const products = await loadCatalog(stores, typed, progress, today);
  const ids = await people;
  const userIds = demoPeople.map(({ email }) => ids.get(email)!);
  const shop: Shop = { typed, products, userIds, today };
  await seedReviews(stores.reviews, reviewsOf(shop), (done, total) => progress.tell('reviews', done, total));
  await seedQuestions(stores.reviews, questionsOf(shop), (done, total) =>
    progress.tell('questions', done, total),
  );
  progress.end();
}

async function loadPeople({ accounts }: DemoStores, progress: Progress): Promise<Map<string, string>> {
  let opened = 0;
  return seedUsers(accounts, demoUsers(), () => {
    opened += 1;
    progress.tell('people', opened, demoPeople.length);
  });
}

/** Only those who are meant to sign in have a password that anybody knows. */
function demoUsers(): SeedUser[] {
  return demoPeople.map((person) => ({
    ...person,
    password:
      demoSignIns.find(({ email }) => email === person.email)?.password ??
      randomBytes(24).toString('base64url'),
  }));
}

async function loadCatalog(
  { catalog }: DemoStores,
  typed: readonly DemoProduct[],
  progress: Progress,
  today: number,
): Promise<SeededProduct[]> {
  const categories = [
    ...departments,
    ...shelves.map(({ slug, name, description, parent }) => ({ slug, name, description, parent })),
  ];
  const categoryIds = await seedCategories(catalog, categories);
  await seedAttributes(
    catalog,
    demoAttributes.map((attribute) =>
      attribute.kind === 'CHOICE' ? { ...attribute, choices: choicesOf(attribute.code) } : attribute,
    ),
  );
  const products = typed.map((product, index) =>
    seedProductOf(product, new Date(today - ageOf(index, typed.length))),
  );
  return seedProducts(catalog, categoryIds, products, (done) =>
    progress.tell('products', done, products.length),
  );
}

function seedProductOf(product: DemoProduct, publishedAt: Date): SeedProduct {
  const { option, variants, thing: _, ...rest } = product;
  return {
    ...rest,
    publishedAt,
    options: [option],
    variants: variants.map(({ choice, ...variant }) => ({
      ...variant,
      options: [{ name: option.name, value: choice }],
    })),
  };
}
