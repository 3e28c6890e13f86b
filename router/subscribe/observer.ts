/** For whoever does not count. */
import type { SubscriptionObserver } from './calls.ts';

const nothing = (): void => {};

export const SILENT: SubscriptionObserver = {
  event: nothing,
  rendered: nothing,
  delivered: nothing,
  fetched: nothing,
  groupOpened: nothing,
  groupClosed: nothing,
  caughtUpAlone: nothing,
  handedOver: nothing,
  replayed: nothing,
  expired: nothing,
  reconnected: nothing,
  paused: nothing,
};
