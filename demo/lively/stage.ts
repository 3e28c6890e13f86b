/** Where the demo shop is played: its people with the rights of their roles, and the products that they are busy with. */
import type { Viewer } from '@souk/kit/auth/viewer';
import { demoPeople } from '../people.ts';
import { demoSignIns } from '../sign-ins.ts';

/** Asks one room as the router would; throws where it answers errors. */
export type Ask = <Data>(room: string, viewer: Viewer, query: string, variables?: object) => Promise<Data>;

export interface StagedProduct {
  id: string;
  title: string;
}

export interface Shopper {
  viewer: Viewer;
  /** In RFC 3339 form, as all instants are. */
  joinedAt: string;
}

export interface Stage {
  /** Without the one whose password is printed: whoever signs in with it is alone in that account. */
  shoppers: readonly Shopper[];
  moderator: Viewer;
  editor: Viewer;
  /** The first one is the busiest. */
  products: readonly StagedProduct[];
}

const PRODUCTS = 12;
const OPERATOR: Viewer = { scopes: ['users:read'] };
const GUEST: Viewer = { scopes: [] };
const signIns = new Set(demoSignIns.map(({ email }) => email));

interface FoundUser {
  id: string;
  profile: { email: string; createdAt: string };
  roles: { name: string; scopes: string[] }[];
}

export async function setStage(ask: Ask): Promise<Stage> {
  const lookUps = demoPeople.map(({ email }, index) => {
    const one = `users(filter: { query: ${JSON.stringify(email)} }, first: 1)`;
    return `p${index}: ${one} { nodes { id profile { email createdAt } roles { name scopes } } }`;
  });
  const found = await ask<Record<string, { nodes: FoundUser[] }>>(
    'accounts',
    OPERATOR,
    `{ ${lookUps.join('\n')} }`,
  );
  const people = Object.values(found).flatMap(({ nodes }) => nodes);
  const { products } = await ask<{ products: { nodes: StagedProduct[] } }>(
    'catalog',
    GUEST,
    `{ products(first: ${PRODUCTS}) { nodes { id title } } }`,
  );
  const isStaff = ({ roles }: FoundUser) => roles.some(({ name }) => name !== 'customer');
  const withRole = (role: string): Viewer => {
    const person = people.find(({ roles }) => roles.some(({ name }) => name === role));
    if (!person) throw new Error(`nobody in the demo shop is ${role} any more`);
    return viewerOf(person);
  };
  const shoppers = people
    .filter((person) => !isStaff(person) && !signIns.has(person.profile.email))
    .map((person) => ({ viewer: viewerOf(person), joinedAt: person.profile.createdAt }));
  if (shoppers.length === 0 || products.nodes.length === 0)
    throw new Error('the demo shop has nobody, or nothing, to be lively with');
  return {
    shoppers,
    moderator: withRole('moderator'),
    editor: withRole('catalog-manager'),
    products: products.nodes,
  };
}

function viewerOf({ id, roles }: FoundUser): Viewer {
  return { userId: id, scopes: [...new Set(roles.flatMap(({ scopes }) => scopes))] };
}

/** What the reviews' room knows about products, in their order; `selection` is of a product. */
export async function reviewsAbout<Found>(
  ask: Ask,
  products: readonly StagedProduct[],
  selection: string,
  viewer = GUEST,
): Promise<(Found | null)[]> {
  const query = `query ($products: [_Any!]!) {
    _entities(representations: $products) { ... on Product { ${selection} } }
  }`;
  const representations = products.map(({ id }) => ({ __typename: 'Product', id }));
  const answer = await ask<{ _entities: (Found | null)[] }>('reviews', viewer, query, {
    products: representations,
  });
  return answer._entities;
}
