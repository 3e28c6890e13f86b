/** What a real 7.0 refuses is refused here, with the same code and words. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Long } from 'bson';
import type { Document } from 'mongodb';
import { startTestServer, type TestServer } from './tests/test-server.ts';

let shop: TestServer;
beforeAll(async () => {
  shop = await startTestServer();
  await shop.db.collection('things').insertOne({ _id: 1 as never, name: 'x' });
  await shop.db.createCollection('view', { viewOn: 'things', pipeline: [] });
});
afterAll(() => shop.stop());

const refusals: [Document, number, string][] = [
  [{ bulkWrite: 1 }, 59, "no such command: 'bulkWrite'"],
  [{ nonsense: 1 }, 59, "no such command: 'nonsense'"],
  [{ find: 'things', foo: 1 }, 40415, "BSON field 'FindCommandRequest.foo' is an unknown field."],
  [{ find: 'things', filter: 5 }, 14, 'Expected field filterto be of type object'],
  [
    { find: 'things', limit: 'x' },
    14,
    "BSON field 'FindCommandRequest.limit' is the wrong type 'string', expected types '[long, int, decimal, double']",
  ],
  [{ find: 'things', limit: -1 }, 51024, "BSON field 'limit' value must be >= 0, actual value '-1'"],
  [{ find: 'things', batchSize: -1 }, 51024, "BSON field 'batchSize' value must be >= 0, actual value '-1'"],
  [
    { find: 'things', singleBatch: 'x' },
    14,
    "Field 'singleBatch' should be a boolean value, but found: string",
  ],
  [{ find: 5 }, 73, 'collection name has invalid type int'],
  [{ find: '' }, 73, "Invalid namespace specified 'shop.'"],
  [{ find: '.x' }, 73, "Invalid namespace specified 'shop..x'"],
  [
    { find: 'things', filter: { $bogus: 1 } },
    2,
    "unknown top level operator: $bogus. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.",
  ],
  [{ find: 'things', filter: { a: { $bogus: 1 } } }, 2, 'unknown operator: $bogus'],
  [
    { find: 'things', hint: 'none' },
    2,
    'error processing query: planner returned error: hint provided does not correspond to an existing index',
  ],
  [{ find: 'things', awaitData: true }, 9, 'Cannot set awaitData without tailable'],
  [
    { find: 'things', tailable: true },
    2,
    'error processing query: planner returned error: tailable cursor requested on non capped collection',
  ],
  [{ find: 'things', let: { x: '$name' } }, 4890500, 'Command let Expression tried to access a field'],
  [{ find: 'things', collation: { locale: 'xx-nowhere-' } }, 2, 'locale'],
  [
    { insert: 'things', documents: [] },
    16,
    'Write batch sizes must be between 1 and 100000. Got 0 operations.',
  ],
  [{ insert: 'things' }, 40414, "BSON field 'insert.documents' is missing but a required field"],
  [
    { insert: 'things', documents: [5] },
    14,
    "BSON field 'insert.documents.0' is the wrong type 'int', expected type 'object'",
  ],
  [{ insert: 'things', documents: [{}], foo: 1 }, 40415, "BSON field 'insert.foo' is an unknown field."],
  [{ insert: 'a$b', documents: [{}] }, 73, 'Invalid collection name: a$b'],
  [{ insert: 'view', documents: [{}] }, 166, 'Namespace shop.view is a view, not a collection'],
  [
    { update: 'things', updates: [{ q: {}, u: { $set: { a: 1 } }, sort: { a: 1 } }] },
    40415,
    "BSON field 'update.updates.sort' is an unknown field.",
  ],
  [
    { update: 'things', updates: [{ u: {} }] },
    40414,
    "BSON field 'update.updates.q' is missing but a required field",
  ],
  [
    { delete: 'things', deletes: [{ q: {} }] },
    40414,
    "BSON field 'delete.deletes.limit' is missing but a required field",
  ],
  [
    { aggregate: 'things', pipeline: [] },
    9,
    "The 'cursor' option is required, except for aggregate with the explain argument",
  ],
  [
    { aggregate: 'things', pipeline: [{ $bogus: 1 }], cursor: {} },
    40324,
    "Unrecognized pipeline stage name: '$bogus'",
  ],
  [
    { aggregate: 'things', pipeline: [5], cursor: {} },
    14,
    "Each element of the 'pipeline' array must be an object",
  ],
  [
    { aggregate: 1, pipeline: [{ $match: {} }], cursor: {} },
    73,
    "{aggregate: 1} is not valid for '$match'; a collection is required.",
  ],
  [
    { aggregate: 'things', pipeline: [{ $merge: { into: 'other', on: 'name' } }], cursor: {} },
    51183,
    'Cannot find index to verify that join fields will be unique',
  ],
  [{ getMore: Long.fromInt(12345), collection: 'things' }, 43, 'cursor id 12345 not found'],
  [
    { getMore: 5, collection: 'things' },
    14,
    "BSON field 'getMore.getMore' is the wrong type 'int', expected type 'long'",
  ],
  [{ listIndexes: 'nowhere' }, 26, 'ns does not exist: shop.nowhere'],
  [{ listDatabases: 1 }, 13, 'listDatabases may only be run against the admin database.'],
  [{ create: 'things' }, 48, 'Collection shop.things already exists.'],
  [{ create: 'system.things' }, 73, 'Invalid system namespace: shop.system.things'],
  [
    { create: 'other', size: 100 },
    72,
    "the 'capped' field needs to be true when either the 'size' or 'max' fields are present",
  ],
  [
    { create: 'other', timeseries: { timeField: 't' } },
    72,
    "The option 'timeseries' is not supported by this server",
  ],
  [{ create: 'other', validator: { a: { $bogus: 1 } } }, 2, 'unknown operator: $bogus'],
  [{ dropIndexes: 'nowhere', index: '*' }, 26, 'ns not found'],
  [{ dropIndexes: 'things', index: 'none' }, 27, 'index not found with name [none]'],
  [{ dropIndexes: 'things', index: { a: 1 } }, 27, "can't find index with key: { a: 1 }"],
  [{ dropIndexes: 'things', index: '_id_' }, 72, 'cannot drop _id index'],
  [{ collMod: 'nowhere' }, 26, 'ns does not exist: shop.nowhere'],
  [{ validate: 'nowhere' }, 26, "Collection 'shop.nowhere' does not exist to validate."],
  [{ explain: { ping: 1 } }, 59, 'Explain failed due to unknown command: ping'],
  [
    { explain: { find: 'things', foo: 1 } },
    40415,
    "BSON field 'FindCommandRequest.foo' is an unknown field.",
  ],
  [
    { find: 'things', readConcern: { level: 'snapshot' } },
    123,
    'node needs to be a replica set member to use readConcern: snapshot',
  ],
  [
    { find: 'things', readConcern: { level: 'linearizable' } },
    123,
    'node needs to be a replica set member to use read concern',
  ],
  [
    { find: 'things', readConcern: { level: 'bogus' } },
    2,
    "Enumeration value 'bogus' for field 'readConcern.level' is not a valid value.",
  ],
  [
    { insert: 'things', documents: [{}], writeConcern: { w: 2 } },
    2,
    "cannot use 'w' > 1 when a host is not replicated",
  ],
  [
    { insert: 'things', documents: [{}], writeConcern: { w: 'mode' } },
    2,
    'cannot use non-majority \'w\' mode "mode" when a host is not a member of a replica set',
  ],
  [
    { insert: 'things', documents: [{}], txnNumber: Long.fromInt(1) },
    20,
    'Transaction numbers are only allowed on a replica set member or mongos',
  ],
  [
    { find: 'things', startTransaction: true, autocommit: false, txnNumber: Long.fromInt(1) },
    20,
    'Transaction numbers are only allowed on a replica set member or mongos',
  ],
  [{ find: 'things', maxTimeMS: -1 }, 2, '-1 value for maxTimeMS is out of range'],
  [{ find: 'things', maxTimeMS: 'x' }, 2, 'maxTimeMS must be a number'],
  [
    { distinct: 'things', key: 'a', apiVersion: '1', apiStrict: true },
    323,
    'Provided apiStrict:true, but the command distinct is not in API Version 1.',
  ],
  [{ ping: 1, apiVersion: '2' }, 322, 'API version must be "1"'],
];

test.each(refusals)('%j is refused with %i', async (command, code, message) => {
  const failure = await shop.db.command(command).catch((error) => error);
  expect(failure).toMatchObject({ code });
  expect(failure.message).toContain(message);
});

describe('a standalone server', () => {
  test('takes the concerns that it can meet', async () => {
    for (const level of ['local', 'available', 'majority']) {
      expect(await shop.db.command({ find: 'things', readConcern: { level } })).toMatchObject({ ok: 1 });
    }
    for (const writeConcern of [{}, { w: 1 }, { w: 'majority', wtimeout: 5, j: true }]) {
      expect(
        await shop.db.command({
          update: 'things',
          updates: [{ q: {}, u: { $set: { a: 1 } } }],
          writeConcern,
        }),
      ).toMatchObject({ n: 1 });
    }
  });

  test('has no transactions', async () => {
    const session = shop.client.startSession();
    session.startTransaction();
    const insert = shop.db.collection('things').insertOne({}, { session });
    // What the driver makes of code 20.
    await expect(insert).rejects.toThrow('This MongoDB deployment does not support retryable writes.');
    await session.endSession();
  });

  test('takes null for fields that were not given', async () => {
    expect(await shop.db.command({ find: 'things', let: null, limit: null, comment: null })).toMatchObject({
      ok: 1,
    });
  });

  test('names the code of every failure', async () => {
    await expect(shop.db.command({ nonsense: 1 })).rejects.toMatchObject({
      codeName: 'CommandNotFound',
      ok: 0,
    });
  });
});
