/** What resolvers hand on for a connection of the SDL: a page of rows, which the types of those rows resolve. */
import type { Connection } from '@souk/kit/lists/connections';
import type {
  AddressRow,
  ApiKeyRow,
  AuditRow,
  PrivacyRequestRow,
  SessionRow,
  UserRow,
} from './store/tables.ts';

export type UserPage = Connection<UserRow>;
export type AddressPage = Connection<AddressRow>;
export type SessionPage = Connection<SessionRow>;
export type ApiKeyPage = Connection<ApiKeyRow>;
export type AuditEntryPage = Connection<AuditRow>;
export type PrivacyRequestPage = Connection<PrivacyRequestRow>;
