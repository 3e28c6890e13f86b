/** Where the demo shop is played: its people with the rights of their roles, and the products that they are busy with. */
import type { Viewer } from '@souk/kit/viewer';
import { demoPeople } from '../people.ts';

/** Asks one room as the router would; throws where it answers errors. */
export type Ask = <Data>(room: string, viewer: Viewer, query: string, variables?: object) => Promise<Data>;

export interface StagedProduct {
  id: string;
  title: string;
}

export interface Stage {
  shoppers: readonly Viewer[];
  moderator: Viewer;
  editor: Viewer;
  /** The first one is the busiest. */
  products: readonly StagedProduct[];
}

const PRODUCTS = 12;
const OPERATOR: Viewer = { scopes: ['users:read'] };
const GUEST: Viewer = { scopes: [] };

interface FoundUser {
  id: string;
  roles: { name: string; scopes: string[] }[];
}

export async function setStage(ask: Ask): Promise<Stage> {
  const lookUps = demoPeople.map(({ email }, index) => {
    const one = `users(filter: { query: ${JSON.stringify(email)} }, first: 1)`;
    return `p${index}: ${one} { nodes { id roles { name scopes } } }`;
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
  const shoppers = people.filter((person) => !isStaff(person)).map(viewerOf);
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
