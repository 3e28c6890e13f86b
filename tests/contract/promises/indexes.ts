/** Whatever was sent to the stores until now is explained: nothing reads a table or a collection from end to end. */
import { expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { Client } from 'pg';
import type { OpenHouse } from '../open-house.ts';
import type { MongoCommand, SqlStatement } from '../record-stores.ts';

const READS = ['find', 'aggregate', 'count', 'distinct', 'findAndModify'];
/** Of the driver and its session; explain takes none of them. */
const ENVELOPE = ['lsid', 'txnNumber', '$db', '$clusterTime', '$readPreference', 'apiVersion'];

export function promiseIndexes(house: () => OpenHouse): void {
  test('Every statement in PostgreSQL is served by an index', async () => {
    const { record, urls } = house();
    const statements = unique(
      record.sql.filter(({ text }) => /^\s*(select|with|update|delete)\b/i.test(text)),
      (one) => one.text,
    );
    expect(statements.length).toBeGreaterThan(10);
    const client = new Client({ connectionString: urls.postgres });
    await client.connect();
    try {
      // A scan of a whole table is now dearer than anything else: where one is left, there is no index.
      await client.query('set enable_seqscan = off');
      const faults: string[] = [];
      for (const statement of statements) {
        if (searchesWithoutIndex(await planOf(client, statement))) faults.push(statement.text);
      }
      expect(faults).toEqual([]);
    } finally {
      await client.end();
    }
  }, 60_000);

  test('Every command in MongoDB is served by an index', async () => {
    const { record, urls } = house();
    const commands = unique(record.mongodb.flatMap(explainable), shapeOf);
    expect(commands.length).toBeGreaterThan(10);
    const client = await MongoClient.connect(urls.mongodb);
    try {
      const faults: string[] = [];
      for (const { database, command } of commands) {
        const told = await client.db(database).command({ explain: command, verbosity: 'queryPlanner' });
        const planner = told.queryPlanner ?? told.stages[0].$cursor.queryPlanner;
        const plan = JSON.stringify(planner.winningPlan);
        if (plan.includes('COLLSCAN')) faults.push(`${database}: ${JSON.stringify(command).slice(0, 300)}`);
      }
      expect(faults).toEqual([]);
    } finally {
      await client.close();
    }
  }, 60_000);
}

/** A batch of writes is explained one by one. */
function explainable({ database, command: sent }: MongoCommand): MongoCommand[] {
  const command = Object.fromEntries(Object.entries(sent).filter(([key]) => !ENVELOPE.includes(key)));
  const [name] = Object.keys(command);
  if (READS.includes(name!)) return [{ database, command }];
  const list = name === 'update' ? 'updates' : name === 'delete' ? 'deletes' : undefined;
  if (!list) return [];
  const batch = command[list] as unknown[];
  return batch.map((one) => ({ database, command: { [name!]: command[name!], [list]: [one] } }));
}

interface PlanNode {
  'Node Type': string;
  Filter?: string;
  Plans?: PlanNode[];
}

async function planOf(client: Client, { text, values }: SqlStatement): Promise<PlanNode> {
  const { rows } = await client.query({ text: `explain (format json) ${text}`, values });
  return (rows as [{ 'QUERY PLAN': [{ Plan: PlanNode }] }])[0]['QUERY PLAN'][0].Plan;
}

/** A small table that is wanted whole has no condition, and needs no index. */
function searchesWithoutIndex(node: PlanNode): boolean {
  if (node['Node Type'] === 'Seq Scan' && node.Filter !== undefined) return true;
  return (node.Plans ?? []).some(searchesWithoutIndex);
}

/** One of each kind: values do not matter to a plan. */
function shapeOf({ database, command }: MongoCommand): string {
  const [name] = Object.keys(command);
  const { filter, query, sort, pipeline, updates, deletes, hint } = command;
  const [write] = ((updates ?? deletes) as { q: unknown }[] | undefined) ?? [];
  const conditions = keysOf(filter ?? query ?? pipeline ?? write?.q);
  return JSON.stringify([database, name, command[name!], conditions, sort, hint]);
}

function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 3).map(keysOf);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return typeof value;
  return Object.entries(value).map(([key, part]) => [key, keysOf(part)]);
}

function unique<Value>(values: readonly Value[], keyOf: (value: Value) => string): Value[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}
