/** Every statement that this room can issue is served by an index. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import type { PoolClient } from 'pg';
import { type OwnSchema, openOwnSchema } from '../tests/own-schema.ts';
import { everyQuery } from './every-query.ts';

/** A handful of rows each, and always wanted whole. */
const SMALL = new Set(['signing_keys', 'roles']);
/** The size of the whole list: counted only when asked for, and then from an index alone. */
const COUNTS_ALL = 'countUsers';
const NOT_STATEMENTS = ['lockSigningKeys', 'lowestIdAt', 'ownersOf', 'accountsMigrations'];

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  Plans?: PlanNode[];
}

/** Enough people for the planner to think as it does in a shop that has some. */
async function fill(client: PoolClient, schema: string): Promise<void> {
  await client.query(`
    insert into "${schema}".users
      (id, email, email_key, password_hash, password_changed_at, display_name, locale, created_at, updated_at)
    select 'usr_' || lpad(n::text, 26, '0'), n || '@example.com', n || '@example.com', '', now(), 'Person ' || n, 'en',
      now(), now()
    from generate_series(1, 3000) as n`);
  await client.query(`
    insert into "${schema}".user_roles (user_id, role_name)
    select id, case when right(id, 2) = '00' then 'moderator' else 'customer' end from "${schema}".users`);
  await client.query(`vacuum analyze "${schema}".users`);
  await client.query(`vacuum analyze "${schema}".user_roles`);
}

withPostgres('Statements', () => {
  let own: OwnSchema;
  let client: PoolClient;
  beforeAll(async () => {
    own = await openOwnSchema();
    client = await own.client.connect();
    await fill(client, own.schema);
    // A scan of a whole table is now dearer than anything else: where one is left, there is no index.
    await client.query('set enable_seqscan = off');
  });
  afterAll(async () => {
    client.release();
    await own.close();
  });

  const planOf = async (sql: string, params: unknown[]) => {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (format json) ${sql}`,
      params,
    );
    return rows[0]!['QUERY PLAN'][0].Plan;
  };

  /** Parts of a plan that read a table from end to end. */
  const wholeReads = (node: PlanNode, limited = false): string[] => {
    const type = node['Node Type'];
    const below = (node.Plans ?? []).flatMap((part) => wholeReads(part, limited || type === 'Limit'));
    const table = node['Relation Name'] ?? '';
    if (!/Scan$/.test(type) || /^(Function|Result|Values|Subquery|CTE)/.test(type) || SMALL.has(table))
      return below;
    const finds = node['Index Cond'] !== undefined || node['Recheck Cond'] !== undefined;
    // In the order of an index, and no further than the page goes.
    const walks = limited && /^Index/.test(type);
    return finds || walks ? below : [...below, `${type} of ${table}`];
  };

  test('each finds its rows by an index', async () => {
    const reads: Record<string, string[]> = {};
    for (const [name, statement] of Object.entries(everyQuery(own.db))) {
      if (name === COUNTS_ALL) continue;
      const { sql, params } = statement.toSQL();
      const found = wholeReads(await planOf(sql, params));
      if (found.length > 0) reads[name] = found;
    }
    expect(reads).toEqual({});
  });

  test('the whole list is counted from an index', async () => {
    const { sql, params } = everyQuery(own.db)[COUNTS_ALL]!.toSQL();
    const scan = (node: PlanNode): string => (node.Plans ? scan(node.Plans[0]!) : node['Node Type']);
    expect(scan(await planOf(sql, params))).toBe('Index Only Scan');
  });

  test('what has no index is found out', async () => {
    const plan = await planOf(`select * from "${own.schema}".users where phone = $1`, ['+49']);
    expect(wholeReads(plan)).toEqual(['Seq Scan of users']);
  });

  test('the list holds every function of the store', async () => {
    const listed = new Set(Object.keys(everyQuery(own.db)).map((name) => name.replace(/ \(.*/, '')));
    const files = readdirSync(new URL('.', import.meta.url)).filter(
      (file) => file.endsWith('.ts') && !file.includes('.test.') && !file.startsWith('every-query'),
    );
    const missing: string[] = [];
    for (const file of files) {
      const module = (await import(`./${file}`)) as Record<string, unknown>;
      for (const [name, value] of Object.entries(module)) {
        if (typeof value === 'function' && !listed.has(name) && !NOT_STATEMENTS.includes(name))
          missing.push(name);
      }
    }
    expect(missing).toEqual([]);
  });
});
