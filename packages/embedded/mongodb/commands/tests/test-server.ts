/** A server on a folder of its own, and the real driver connected to it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, MongoClient, type MongoClientOptions } from 'mongodb';
import type { EmbeddedServer } from '../../../server.ts';
import { type MongoOptions, startMongoDB } from '../../server.ts';

export interface TestServer {
  dir: string;
  server: EmbeddedServer;
  client: MongoClient;
  db: Db;
  /** Stops the server and starts it again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** How many finds it has answered, once it answers no more of them. */
export async function settledQueries({ db }: TestServer): Promise<number> {
  let answered = 0;
  for (let settled = -1; settled !== answered; ) {
    settled = answered;
    for (let i = 0; i < 20; i++) answered = (await db.command({ serverStatus: 1 })).opcounters.query;
  }
  return answered;
}

export async function startTestServer(
  options: Partial<MongoOptions> = {},
  clientOptions: MongoClientOptions = {},
): Promise<TestServer> {
  const dir = mkdtempSync(join(tmpdir(), 'souk-mongodb-'));
  const test = { dir } as TestServer;
  const start = async () => {
    test.server = await startMongoDB({ dir, ...options });
    test.client = new MongoClient(test.server.url, clientOptions);
    test.db = test.client.db('shop');
  };
  const stop = async () => {
    await test.client.close();
    await test.server.stop();
  };
  test.restart = async () => {
    await stop();
    await start();
  };
  test.stop = async () => {
    await stop();
    rmSync(dir, { recursive: true });
  };
  await start();
  return test;
}
