/**
 * What Redis answers to its commands: the referee of this server. The expected answers were taken from a real Redis
 * 7.0, and are checked against one wherever REDIS_URL names one; what only newer ones answer says since when.
 */
import { hashesTable } from './conformance/hashes.table.ts';
import { keysTable } from './conformance/keys.table.ts';
import { listsTable } from './conformance/lists.table.ts';
import { pubsubTable } from './conformance/pubsub.table.ts';
import { resp3Table } from './conformance/resp3.table.ts';
import type { Sequence } from './conformance/sequence.ts';
import { serverTable } from './conformance/server.table.ts';
import { setsTable } from './conformance/sets.table.ts';
import { streamGroupsTable } from './conformance/stream-groups.table.ts';
import { streamInfoTable } from './conformance/stream-info.table.ts';
import { streamsTable } from './conformance/streams.table.ts';
import { stringsTable } from './conformance/strings.table.ts';
import { transactionsTable } from './conformance/transactions.table.ts';
import { zsetsTable } from './conformance/zsets.table.ts';

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
