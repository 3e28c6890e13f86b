/** What the rules work with. It is made once a process (open.ts) and handed down; tests hand in their own clock. */

import type { Viewer } from '@souk/kit/auth/viewer';
import type { PostgresOutbox } from '@souk/kit/events/outbox-postgres';
import type { LiveEventsOf } from '@souk/kit/live/live-events';
import type { Log } from '@souk/kit/observe/log';
import type { Database } from '@souk/kit/postgres/postgres';
import type { IdMaker } from '@souk/kit/values/ids';
import type { accountsEvents } from '../events.ts';
import type { Mail } from '../mail/mail.ts';
import type { Passwords } from './passwords.ts';
import type { Revocation } from './revocation.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { Vault } from './vault.ts';

export interface Services {
  db: Database;
  /** Where events go, in the transaction of the change that they tell of. */
  outbox: Pick<PostgresOutbox, 'insert'>;
  log: Log;
  now(): Date;
  newId: IdMaker;
  /** What this room tells, as it happens; for subscriptions. */
  live: LiveEventsOf<typeof accountsEvents>;
  passwords: Passwords;
  vault: Vault;
  signingKeys: SigningKeys;
  /** Runs after the answer, so that its time tells the caller nothing; a stop waits for it. */
  afterwards(work: () => Promise<void>): void;
  /** Takes a mail on; it is sent afterwards, and tried again when that fails. */
  post(mail: Mail): void;
  /** Tells the routers that tokens are no good any more. */
  revoke(revocation: Revocation): Promise<void>;
  urls: {
    /** Where clients reach this room's own paths; the `iss` of its tokens. */
    public: string;
    /** Where mailed links lead. */
    storefront: string;
  };
  /** Says that there may be something to do, so that nobody waits for the clock. */
  privacyWork: { wake(): void };
  /** Every domain that holds something about people, this one included. */
  privacyDomains: readonly string[];
}

/** Who does something, and from where. */
export interface Actor {
  viewer: Viewer;
  requestId: string;
  /** Browser and system. */
  device: string;
  /** Where from, cut to a network; nothing when the router did not tell. */
  network: string | undefined;
}
