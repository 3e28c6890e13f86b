/** What the rules work with. It is made once a process (open.ts) and handed down; tests hand in their own clock. */

import type { Viewer } from '@souk/kit/auth/viewer';
import type { LiveEventsOf } from '@souk/kit/live/live-events';
import type { IdMaker } from '@souk/kit/values/ids';
import type { reviewsEvents } from '../events.ts';
import type { Collections } from '../store/collections.ts';

export interface Services {
  stores: Collections;
  now(): Date;
  newId: IdMaker;
  /** What this room tells, as it happens; for subscriptions. */
  live: LiveEventsOf<typeof reviewsEvents>;
  rules: ShopRules;
}

/** What a shop decides for itself (settings.ts). */
export interface ShopRules {
  /** Where pictures may lie; `*.example.com` takes every host below it. */
  mediaHosts: readonly string[];
  /** Words and phrases, in small letters without accents. */
  blockedWords: readonly string[];
  postsPerHour: number;
  /** Whether the first post of somebody who did not buy the product waits for staff. */
  holdsFirstPosts: boolean;
}

/** Who does something. */
export interface Actor {
  viewer: Viewer;
  /** Nothing when another domain or a clock caused it. */
  requestId?: string;
}
