import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { startTestServer, type TestServer } from './tests/test-server.ts';

let shop: TestServer;
beforeAll(async () => {
  shop = await startTestServer();
});
afterAll(() => shop.stop());

const admin = (command: object) => shop.client.db('admin').command(command);

describe('the greeting', () => {
  test('is that of a standalone server of version 7.0', async () => {
    const hello = await admin({ hello: 1 });
    expect(hello).toMatchObject({
      isWritablePrimary: true,
      maxBsonObjectSize: 16 * 1024 * 1024,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
      logicalSessionTimeoutMinutes: 30,
      minWireVersion: 0,
      maxWireVersion: 21,
      readOnly: false,
      localTime: expect.any(Date),
      connectionId: expect.any(Number),
    });
    for (const field of ['setName', 'hosts', 'msg', 'topologyVersion', 'compression'])
      expect(hello).not.toHaveProperty(field);
    expect(await admin({ isMaster: 1 })).toMatchObject({ ismaster: true });
    expect(await admin({ buildInfo: 1 })).toMatchObject({ version: '7.0.0', versionArray: [7, 0, 0, 0] });
  });

  test('lets in nobody by a password', async () => {
    const client = new MongoClient(shop.server.url.replace('mongodb://', 'mongodb://me:secret@'));
    await expect(client.connect()).rejects.toMatchObject({ code: 18 });
    await client.close();
    expect(await admin({ connectionStatus: 1 })).toMatchObject({ authInfo: { authenticatedUsers: [] } });
  });

  test('agrees on no compression', async () => {
    const client = new MongoClient(shop.server.url, { compressors: ['zlib'] });
    await client
      .db('shop')
      .collection('zipped')
      .insertOne({ text: 'x'.repeat(10_000) });
    expect(await client.db('shop').collection('zipped').countDocuments()).toBe(1);
    await client.close();
  });
});

describe('the state of the server', () => {
  test('is told to who asks', async () => {
    const status = await admin({ serverStatus: 1 });
    expect(status).toMatchObject({ version: '7.0.0', process: 'mongod', ok: 1 });
    expect(status.connections.current).toBeGreaterThan(0);
    expect(status.uptimeMillis).toBeGreaterThanOrEqual(0);
    await shop.db.collection('a').insertOne({});
    expect((await admin({ serverStatus: 1 })).opcounters.insert).toBe(status.opcounters.insert + 1);
  });

  test.each([
    [{ hostInfo: 1 }, { system: { cpuAddrSize: 64 } }],
    [{ whatsmyuri: 1 }, { you: expect.stringContaining('127.0.0.1:') }],
    [{ getCmdLineOpts: 1 }, { parsed: { net: { bindIp: '127.0.0.1' } } }],
    [
      { getParameter: 1, featureCompatibilityVersion: 1 },
      { featureCompatibilityVersion: { version: '7.0' } },
    ],
    [{ getParameter: '*' }, { ttlMonitorEnabled: true }],
    [{ getLog: 'startupWarnings' }, { log: [] }],
    [{ getLog: '*' }, { names: ['global', 'startupWarnings'] }],
    [{ currentOp: 1 }, { inprog: [{ command: { currentOp: 1 } }] }],
    [{ killOp: 1, op: 5 }, { info: 'attempting to kill op' }],
    [{ fsync: 1 }, { numFiles: 1 }],
    [{ logRotate: 1 }, {}],
    [{ startSession: 1 }, { timeoutMinutes: 30 }],
    [{ refreshSessions: [] }, {}],
    [{ killSessions: [] }, {}],
    [{ validateDBMetadata: 1, apiParameters: { version: '1' } }, { apiVersionErrors: [] }],
  ])('%j is answered', async (command, expected) => {
    expect(await admin(command)).toMatchObject({ ...expected, ok: 1 });
  });

  test.each([
    [{ getParameter: 1, bogus: 1 }, 40415],
    [{ getParameter: 1 }, 72],
    [{ fsync: 1, lock: true }, 20],
    // The driver puts a transaction number on these.
    [{ commitTransaction: 1 }, 20],
    [{ abortTransaction: 1 }, 20],
    [{ saslStart: 1, mechanism: 'PLAIN', payload: '' }, 18],
    [{ validateDBMetadata: 1, apiParameters: {} }, 322],
    [{ dataSize: 'shop.a', min: {}, max: {} }, 238],
  ])('%j is refused', async (command, code) => {
    await expect(admin(command)).rejects.toMatchObject({ code });
  });

  test('lists the commands there are', async () => {
    const { commands } = await admin({ listCommands: 1 });
    expect(Object.keys(commands)).toEqual(
      expect.arrayContaining(['find', 'insert', 'aggregate', 'explain', 'hello']),
    );
    expect(commands.find).toMatchObject({ help: expect.any(String), adminOnly: false });
  });
});
