/** Where events wait that are written with the change they tell of: outbox-postgres.ts and outbox-mongodb.ts. */
import type { ToldEvent } from './events.ts';

export interface Outbox {
  /** Those that wait longest, the ones of an aggregate in order and with none left out between. */
  read(limit: number): Promise<ToldEvent[]>;
  /** They are told. */
  remove(events: readonly ToldEvent[]): Promise<void>;
  waiting(): Promise<Waiting>;
}

export interface Waiting {
  count: number;
  /** Nothing when none waits. */
  oldest: Date | undefined;
}
