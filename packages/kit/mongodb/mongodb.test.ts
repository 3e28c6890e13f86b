import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { isStoreAway, violatedUnique } from '../errors/store-faults.ts';
import { serve } from '../http/serve.ts';
import { silentLog } from '../observe/log.ts';
import { newScope, runInScope } from '../observe/request-scope.ts';
import { cutProxy } from '../tests/cut-proxy.ts';
import { recordedTraces } from '../tests/recorded-traces.ts';
import { MONGODB_URL, ownName, withMongodb } from '../tests/stores.ts';
import { withLock } from './lock.ts';
import { type DeclaredIndexes, migrateMongodb } from './migrations.ts';
import { type Mongodb, openMongodb } from './mongodb.ts';

interface Book {
  _id: string;
  slug?: string;
}

withMongodb('MongoDB', () => {
  let mongodb: Mongodb;
  const traces = recordedTraces();
  const databases: string[] = [];
  const cleanups: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    mongodb = await openMongodb({
      url: MONGODB_URL!,
      service: 'kit-tests',
      database: ownName('mongodb'),
      traces,
    });
    databases.push(mongodb.db.databaseName);
  });

  afterAll(async () => {
    for (const name of databases) await mongodb.client.db(name).dropDatabase();
    await mongodb.close();
  });

  afterEach(async () => {
    for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
  });

  const freshDb = () => {
    const db = mongodb.client.db(ownName('fresh'));
    databases.push(db.databaseName);
    return db;
  };
  const roundTripsOf = async (work: () => Promise<unknown>) => {
    const scope = newScope('req-1');
    await runInScope(scope, work);
    return scope.roundTrips.mongodb;
  };

  test('answers its health check', async () => {
    await expect(mongodb.check()).resolves.toBeUndefined();
  });

  describe('round trips', () => {
    test('are counted for the request that makes them', async () => {
      const books = mongodb.db.collection<Book>('books');
      const [one, two] = await Promise.all([
        roundTripsOf(() => books.find().toArray()),
        roundTripsOf(async () => {
          await books.insertOne({ _id: 'a' });
          await books.countDocuments();
        }),
      ]);
      expect([one, two]).toEqual([1, 2]);
      expect(await roundTripsOf(() => mongodb.check())).toBe(0);
    });

    test('stay with their request when the pool is busy', async () => {
      const books = mongodb.db.collection<Book>('books');
      const counts = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          roundTripsOf(async () => {
            for (let i = 0; i <= index % 3; i++) await books.findOne({ _id: String(i) });
          }),
        ),
      );
      expect(counts).toEqual(counts.map((_, index) => (index % 3) + 1));
    });

    test('are spans when the request is traced', async () => {
      const root = traces.start('request', 'server');
      await runInScope(newScope('req-1', root), async () => {
        await mongodb.db.collection('books').findOne({ _id: 'secret' as never });
        await mongodb.db.command({ nonsense: 1 }).catch(() => {});
      });
      expect(traces.spans.slice(1)).toMatchObject([
        {
          name: 'mongodb',
          parent: root,
          attributes: { 'db.query.text': 'find books' },
          ended: true,
          failed: false,
        },
        { attributes: { 'db.query.text': 'nonsense 1' }, ended: true, failed: true },
      ]);
    });
  });

  test('a connection that is lost fails what is under way at most, and is opened anew', async () => {
    const proxy = await cutProxy(MONGODB_URL!);
    cleanups.push(proxy.close);
    const own = await openMongodb({
      url: proxy.url,
      service: 'kit-cut',
      database: mongodb.db.databaseName,
      selectWithinMs: 1_000,
    });
    cleanups.push(own.close);
    const outcomeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'fine',
        (error: unknown) => (isStoreAway(error) ? 'away' : error),
      );
    const books = own.db.collection<Book>('books');
    for (const how of ['end', 'reset'] as const) {
      proxy.cut(how);
      expect(['fine', 'away']).toContain(
        await outcomeOf(books.updateOne({ _id: 'a' }, { $set: { slug: how } })),
      );
      expect(await outcomeOf(books.findOne({ _id: 'a' }))).toBe('fine');
    }
    await proxy.close();
    expect(await outcomeOf(books.findOne({ _id: 'a' }))).toBe('away');
  });

  test('fields that are undefined are not stored', async () => {
    const books = mongodb.db.collection<Book>('undefined');
    await books.insertOne({ _id: 'a', slug: undefined } as never);
    expect(await books.findOne({ _id: 'a' })).toEqual({ _id: 'a' });
  });

  describe('a lock', () => {
    test('lets one of many in at a time', async () => {
      const db = freshDb();
      let inside = 0;
      let most = 0;
      const work = async () => {
        inside += 1;
        most = Math.max(most, inside);
        await db.command({ ping: 1 });
        inside -= 1;
      };
      const outcomes = await Promise.all(Array.from({ length: 6 }, () => withLock(db, 'one', work)));
      expect(outcomes.every((outcome) => outcome !== undefined)).toBe(true);
      expect(most).toBe(1);
    });

    test('that another one holds is given up after the wait', async () => {
      const db = freshDb();
      const outcome = await withLock(db, 'one', () => withLock(db, 'one', async () => 'in', { waitMs: 0 }));
      expect(outcome).toEqual({ value: undefined });
    });

    test('of a holder that died is taken over when its lease is over', async () => {
      const db = freshDb();
      const locks = db.collection<{ _id: string; holder: string; until: Date }>('souk_locks');
      await locks.insertOne({ _id: 'one', holder: 'dead', until: new Date(Date.now() + 60_000) });
      expect(await withLock(db, 'one', async () => 'in', { waitMs: 0 })).toBeUndefined();
      await locks.updateOne({ _id: 'one' }, { $set: { until: new Date(Date.now() - 1) } });
      expect(await withLock(db, 'one', async () => 'in')).toEqual({ value: 'in' });
    });

    test('is given back when the work fails', async () => {
      const db = freshDb();
      await expect(withLock(db, 'one', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      expect(await withLock(db, 'one', async () => 'in', { waitMs: 0 })).toEqual({ value: 'in' });
    });

    test('is kept as long as the work takes', async () => {
      const db = freshDb();
      const other = () => withLock(db, 'one', async () => 'in', { waitMs: 0 });
      const work = async () => {
        const until = Date.now() + 600;
        while (Date.now() < until) expect(await other()).toBeUndefined();
      };
      await withLock(db, 'one', work, { leaseMs: 450 });
      expect(await other()).toEqual({ value: 'in' });
    });
  });

  describe('declared indexes', () => {
    const bySlug: DeclaredIndexes = { books: [{ name: 'slug', key: { slug: 1 }, unique: true }] };
    let db = undefined as unknown as Mongodb['db'];

    beforeEach(() => {
      db = freshDb();
    });

    test('are made once, also when five processes start at the same time', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 5 }, () => migrateMongodb({ db, indexes: bySlug })),
      );
      expect(outcomes.flat()).toEqual(['made index books.slug']);
      expect(await migrateMongodb({ db, indexes: bySlug })).toEqual([]);
    });

    test('hold, and a broken one is told by its name', async () => {
      await migrateMongodb({ db, indexes: bySlug });
      const books = db.collection<Book>('books');
      await books.insertOne({ _id: 'a', slug: 's' });
      const fault = await books.insertOne({ _id: 'b', slug: 's' }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(violatedUnique(fault)).toBe('slug');
    });

    test('that changed are made anew', async () => {
      await migrateMongodb({ db, indexes: bySlug });
      const changed: DeclaredIndexes = {
        books: [
          {
            name: 'slug',
            key: { slug: 1 },
            unique: true,
            partialFilterExpression: { slug: { $exists: true } },
          },
        ],
      };
      expect(await migrateMongodb({ db, indexes: changed })).toEqual(['rebuilt index books.slug']);
      expect(await migrateMongodb({ db, indexes: changed })).toEqual([]);
      const reordered: DeclaredIndexes = {
        books: [...changed.books!, { name: 'pair', key: { slug: 1, _id: -1 } }],
      };
      expect(await migrateMongodb({ db, indexes: reordered })).toEqual(['made index books.pair']);
    });

    test('that nobody declares any more stay, and are told', async () => {
      await migrateMongodb({ db, indexes: bySlug });
      const warnings: string[] = [];
      await migrateMongodb({ db, indexes: { books: [] }, warn: (message) => warnings.push(message) });
      expect(warnings).toEqual([expect.stringContaining('index books.slug is declared by nobody')]);
      expect(await db.collection('books').indexExists('slug')).toBe(true);
    });

    test('that the data forbids are told with collection and name', async () => {
      await db.collection<Book>('books').insertMany([
        { _id: 'a', slug: 's' },
        { _id: 'b', slug: 's' },
      ]);
      await expect(migrateMongodb({ db, indexes: bySlug })).rejects.toThrow(
        /index books\.slug cannot be made: .*Mend the data or the declaration/,
      );
    });
  });

  describe('migrations', () => {
    test('run once each, in order; one that fails is run again at the next start', async () => {
      const db = freshDb();
      const ran: string[] = [];
      let broken = true;
      const migrations = [
        { name: '0001_first', up: async () => void ran.push('first') },
        {
          name: '0002_second',
          up: async () => {
            if (broken) throw new Error('half-way');
            ran.push('second');
          },
        },
      ];
      await expect(migrateMongodb({ db, indexes: {}, migrations })).rejects.toThrow(
        /migration 0002_second failed: half-way. It is not marked as done/,
      );
      broken = false;
      expect(await migrateMongodb({ db, indexes: {}, migrations })).toEqual(['ran 0002_second']);
      expect(await migrateMongodb({ db, indexes: {}, migrations })).toEqual([]);
      expect(ran).toEqual(['first', 'second']);
    });

    test.each([
      [['slugs'], 'must be named like 0001_slugs'],
      [['0002_b', '0001_a'], 'must have a higher number than 0002_b'],
    ])('named %j are refused', async (names, message) => {
      const migrations = names.map((name) => ({ name, up: async () => {} }));
      await expect(migrateMongodb({ db: mongodb.db, indexes: {}, migrations })).rejects.toThrow(message);
    });
  });
});

test('a server that is not there is told after the time it was given, without the password', async () => {
  const closed = await serve({ handler: () => Promise.reject(), log: silentLog });
  await closed.stop();
  const opening = openMongodb({
    url: `mongodb://souk:hunter2@127.0.0.1:${closed.port}`,
    service: 'shelf',
    connectWithinMs: 0,
    selectWithinMs: 100,
  });
  const fault = await opening.then(
    () => undefined,
    (error: Error) => error,
  );
  expect(fault?.message).toMatch(
    /^shelf: cannot use MongoDB at mongodb:\/\/souk:\*\*\*@127.0.0.1.*ECONNREFUSED.*Check MONGODB_URL/,
  );
  expect(isStoreAway(fault)).toBe(true);
});
