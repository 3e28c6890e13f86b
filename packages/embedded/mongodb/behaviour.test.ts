/**
 * What MongoDB's manual says of small things, through the real driver. With MONGODB_URL set, this suite runs against that
 * server instead of the stand-in, which then is the referee of what we read out of the manual.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { EJSON } from 'bson';
import { type Collection, type Document, MongoClient, ObjectId } from 'mongodb';
import type { EmbeddedServer } from '../server.ts';
import { startMongoDB } from './server.ts';
import { type Case, cases } from './tests/manual-cases.ts';

const { MONGODB_URL } = process.env;
const dir = mkdtempSync(join(tmpdir(), 'souk-mongodb-behaviour-'));
let server: EmbeddedServer | undefined;
let client: MongoClient;
let things: Collection;

beforeAll(async () => {
  if (!MONGODB_URL) server = await startMongoDB({ dir });
  client = await MongoClient.connect(MONGODB_URL ?? server?.url ?? '', { promoteValues: false });
  things = client.db('souk_behaviour').collection('things');
});
beforeEach(() => things.drop());
afterAll(async () => {
  await client.db('souk_behaviour').dropDatabase();
  await client.close();
  await server?.stop();
  rmSync(dir, { recursive: true });
});

const fromJson = (value: object) => EJSON.parse(JSON.stringify(value), { relaxed: false }) as Document;
const toJson = (value: unknown) => JSON.parse(EJSON.stringify(value, { relaxed: false })) as unknown;

/** Ids that the driver made up are nobody's expectation. */
function withoutMadeUpId({ _id, ...rest }: Document): Document {
  return _id === undefined || _id instanceof ObjectId ? rest : { _id, ...rest };
}

async function outcome({ docs, filter, pipeline, update }: Case): Promise<Document[]> {
  await things.insertMany(docs.map(fromJson));
  if (pipeline) return things.aggregate(pipeline.map(fromJson)).toArray();
  if (update) await things.updateMany({}, fromJson(update));
  return things.find(filter ? fromJson(filter) : {}).toArray();
}

test.each(cases.map((example) => [example.name, example] as const))('%s', async (_name, example) => {
  const found = outcome(example).then((documents) => toJson(documents.map(withoutMadeUpId)));
  if (example.expected === 'an error') await expect(found).rejects.toThrow();
  else expect(await found).toEqual(toJson(example.expected.map(fromJson)));
});
