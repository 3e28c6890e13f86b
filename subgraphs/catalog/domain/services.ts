/** What the rules work with. It is made once a process (open.ts) and handed down; tests hand in their own clock. */

import type { Viewer } from '@souk/kit/auth/viewer';
import type { LiveEventsOf } from '@souk/kit/live/live-events';
import type { Log } from '@souk/kit/observe/log';
import type { IdMaker } from '@souk/kit/values/ids';
import type { Db } from 'mongodb';
import type { catalogEvents } from '../events.ts';
import type { AttributeBook } from '../store/attribute-book.ts';
import type { Collections } from '../store/collections.ts';

export interface Services {
  db: Db;
  collections: Collections;
  attributes: AttributeBook;
  log: Log;
  now(): Date;
  newId: IdMaker;
  /** What this room tells, as it happens; for subscriptions. */
  live: LiveEventsOf<typeof catalogEvents>;
  /** Where clients reach this room's own paths, without a slash at the end. */
  publicUrl: string;
  /** Hosts that pictures may be served from, besides this room. */
  mediaHosts: ReadonlySet<string>;
  /** Say that there may be something to do, so that nobody waits for the clock. */
  counting: Wakeable;
  importing: Wakeable;
  /** How long a process that works on an import may be silent before another one takes over. */
  importLeaseMs: number;
}

export interface Wakeable {
  wake(): void;
}

/** Who does something. A clock has neither. */
export interface Actor {
  viewer?: Viewer;
  requestId?: string;
}
