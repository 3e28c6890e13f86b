/** What of other domains this one listens to, and what it does about it. */
import type { accountsEvents } from '@souk/accounts/events';
import type { catalogEvents } from '@souk/catalog/events';
import type { Handlers } from '@souk/kit/events/event-handling';
import type { Delivery } from '@souk/kit/events/inbox';
import { eraseUser } from './domain/privacy.ts';
import type { Services } from './domain/services.ts';
import { archiveProduct, listProduct } from './domain/told-by-others.ts';

/** The documentation names us beside each. */
export const HEARD = [
  'accounts.user.erased',
  'catalog.product.published',
  'catalog.product.archived',
  'catalog.product.retold',
] as const;

type Heard<Types> = Extract<keyof Types, (typeof HEARD)[number]>;

type OfCatalog = typeof catalogEvents.types;
export function catalogHandlers(
  services: Services,
): Required<Pick<Handlers<OfCatalog, Delivery>, Heard<OfCatalog>>> {
  return {
    'catalog.product.published': (_, delivery) => listProduct(services, delivery),
    'catalog.product.archived': (_, delivery) => archiveProduct(services, delivery),
    'catalog.product.retold': async ({ data: { status } }, delivery) => {
      if (status === 'PUBLISHED') await listProduct(services, delivery);
      if (status === 'ARCHIVED') await archiveProduct(services, delivery);
    },
  };
}

type OfAccounts = typeof accountsEvents.types;
export function accountsHandlers(
  services: Services,
): Required<Pick<Handlers<OfAccounts, Delivery>, Heard<OfAccounts>>> {
  return {
    // This domain has done its part already, when it was asked to (domain/privacy.ts). What the person wrote between
    // that and the end of the account goes now. Doing it twice comes to the same.
    'accounts.user.erased': ({ data }) => eraseUser(services, data.userId),
  };
}
