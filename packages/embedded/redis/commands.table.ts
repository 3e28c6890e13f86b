/**
 * What Redis answers to its commands: the referee of this server. The expected answers were taken from a real Redis
 * 7.0, and are checked against one wherever REDIS_URL names one; what only newer ones answer says since when.
 */
import { hashesTable } from './referee/hashes.table.ts';
import { keysTable } from './referee/keys.table.ts';
import { listsTable } from './referee/lists.table.ts';
import { pubsubTable } from './referee/pubsub.table.ts';
import { resp3Table } from './referee/resp3.table.ts';
import type { Sequence } from './referee/sequence.ts';
import { serverTable } from './referee/server.table.ts';
import { setsTable } from './referee/sets.table.ts';
import { streamGroupsTable } from './referee/stream-groups.table.ts';
import { streamInfoTable } from './referee/stream-info.table.ts';
import { streamsTable } from './referee/streams.table.ts';
import { stringsTable } from './referee/strings.table.ts';
import { transactionsTable } from './referee/transactions.table.ts';
import { zsetsTable } from './referee/zsets.table.ts';

export const commandsTable: Readonly<Record<string, readonly Sequence[]>> = {
  strings: stringsTable,
  keys: keysTable,
  hashes: hashesTable,
  lists: listsTable,
  sets: setsTable,
  'sorted sets': zsetsTable,
  streams: streamsTable,
  'consumer groups': streamGroupsTable,
  'what streams tell of themselves': streamInfoTable,
  transactions: transactionsTable,
  'channels and events': pubsubTable,
  server: serverTable,
  RESP3: resp3Table,
};
