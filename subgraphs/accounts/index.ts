/** Accounts: who a person or a machine is, and what they may do. */
import { readFileSync } from 'node:fs';
import { folderOf } from '@souk/kit/room/package-folder';
import { defineRoom } from '@souk/kit/room/room';
import { createContext } from './context.ts';
import { accountsEvents } from './events.ts';
import { openAccounts } from './open.ts';
import { Address } from './resolvers/Address.ts';
import { ApiKey } from './resolvers/ApiKey.ts';
import { AuditEntry } from './resolvers/AuditEntry.ts';
import { Mutation } from './resolvers/Mutation.ts';
import { PrivacyRequest } from './resolvers/PrivacyRequest.ts';
import { Query } from './resolvers/Query.ts';
import { Session } from './resolvers/Session.ts';
import { Subscription } from './resolvers/Subscription.ts';
import { User } from './resolvers/User.ts';
import { UserProfile } from './resolvers/UserProfile.ts';
import { UserSecurity } from './resolvers/UserSecurity.ts';
import { jsonWebKeys } from './routes/json-web-keys.ts';
import { oauthToken } from './routes/oauth-token.ts';
import { privacyArchive } from './routes/privacy-archive.ts';
import { accountsSettings } from './settings.ts';

export const accounts = defineRoom({
  name: 'accounts',
  sdl: readFileSync(new URL('../../schema/accounts.graphql', folderOf('@souk/accounts')), 'utf8'),
  resolvers: {
    Query,
    Mutation,
    Subscription,
    User,
    UserProfile,
    UserSecurity,
    Address,
    Session,
    ApiKey,
    AuditEntry,
    PrivacyRequest,
  },
  tells: accountsEvents,
  stores: ['postgres', 'redis'],
  settings: accountsSettings,
  open: openAccounts,
  context: createContext,
  routes: (services) => [jsonWebKeys(services), oauthToken(services), privacyArchive(services)],
});
