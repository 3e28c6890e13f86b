/**
 * Every permission that the API checks, of all domains: what a role or an API key can be made of. A test holds this
 * list to the `@requiresScopes` of schema/*.graphql; a new domain adds its lines here.
 */

export interface ScopeEntry {
  name: string;
  description: string;
}

const SCOPES = {
  'apikeys:write': 'Make, list and end the keys of machines',
  'audit:read': 'Read the audit log',
  'catalog:publish': 'Put products on sale, schedule them and take them off',
  'catalog:read': 'See products that are not on sale',
  'catalog:write': 'Edit products, variants, categories and attributes, and import them',
  'insights:read': 'See sales figures and the event feed',
  'inventory:read': 'See stock by warehouse',
  'inventory:write': 'Count, move and adjust stock',
  'ledger:read': 'Read the ledger',
  'ledger:write': 'Book to the ledger by hand',
  'operations:read': 'See dead letters, sagas and the state of the system',
  'operations:write': 'Replay dead letters and retry sagas',
  'orders:read': 'See the orders of all customers',
  'orders:write': 'Change and cancel the orders of all customers',
  'payments:read': 'See payments',
  'payments:refund': 'Pay money back',
  'payments:write': 'Capture and void payments, and answer disputes',
  'pricing:read': 'See price lists and promotions',
  'pricing:write': 'Edit price lists and promotions',
  'privacy:write': 'See and work on privacy requests of all users',
  'reviews:moderate': 'Decide on reviews, questions and reports',
  'roles:write': 'Edit roles, and give them to users',
  'search:read': 'See how search is tuned',
  'search:write': 'Tune search',
  'shipping:read': 'See shipments of all customers',
  'shipping:write': 'Create and change shipments',
  'users:read': 'See the accounts of all users',
  'users:write': 'Suspend and reinstate users',
  'webhooks:read': 'See outbound webhooks and their deliveries',
  'webhooks:write': 'Edit outbound webhooks',
} as const;

export type ScopeName = keyof typeof SCOPES;

export const SCOPE_LIST: readonly ScopeEntry[] = Object.entries(SCOPES).map(([name, description]) => ({
  name,
  description,
}));

export const SCOPE_NAMES: readonly string[] = Object.keys(SCOPES);

export function isScope(name: string): boolean {
  return Object.hasOwn(SCOPES, name);
}
