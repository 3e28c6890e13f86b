/** Runs one test: data filled in anew, operations one by one, then what must have come of it. */
import assert from 'node:assert/strict';
import { type MongoClient, MongoServerError } from 'mongodb';
import { Entities } from './entities.ts';
import { type MatchContext, mismatch } from './match.ts';
import { execute } from './operations.ts';
import type { CollectionData, ExpectedError, ExpectedEvents, Operation, TestCase } from './suite.ts';

/** Elsewhere events say what the driver sent, which is the driver's own affair. */
const EVENTS_COUNT_IN = 'command-logging-and-monitoring/';

export async function runCase(testCase: TestCase, url: string, admin: MongoClient): Promise<void> {
  for (const data of testCase.initialData) await refill(data, admin);
  const entities = new Entities(url, testCase.entities);
  const context: MatchContext = { sessionId: (id) => entities.sessionIds.get(id) };
  try {
    for (const operation of testCase.operations) await runOperation(operation, entities, context);
    if (testCase.file.startsWith(EVENTS_COUNT_IN)) {
      for (const expected of testCase.expectEvents ?? []) compareEvents(expected, entities, context);
    }
    for (const data of testCase.outcome ?? []) await compareData(data, admin);
  } finally {
    await entities.close();
  }
}

async function refill(
  { databaseName, collectionName, documents }: CollectionData,
  admin: MongoClient,
): Promise<void> {
  const database = admin.db(databaseName);
  await database.dropCollection(collectionName);
  if (documents.length > 0) await database.collection(collectionName).insertMany(documents);
  else await database.createCollection(collectionName);
}

async function compareData(
  { databaseName, collectionName, documents }: CollectionData,
  admin: MongoClient,
): Promise<void> {
  const found = await admin.db(databaseName).collection(collectionName).find().sort({ _id: 1 }).toArray();
  const wrong = mismatch(documents, found, { sessionId: () => undefined }, collectionName);
  assert.equal(wrong, undefined);
}

async function runOperation(operation: Operation, entities: Entities, context: MatchContext): Promise<void> {
  const { expectError, expectResult, ignoreResultAndError } = operation;
  let result: unknown;
  try {
    result = await execute(operation, entities);
  } catch (error) {
    // An error is what some operations are there to cause.
    if (ignoreResultAndError) return;
    if (!expectError) throw error;
    compareError(expectError, error as Error, context);
    return;
  }
  if (ignoreResultAndError) return;
  assert.ok(!expectError, `${operation.name} was to fail`);
  if (expectResult === undefined) return;
  assert.equal(mismatch(expectResult, result, context), undefined);
}

function compareError(expected: ExpectedError, error: Error, context: MatchContext): void {
  if (error.constructor === Error) throw error;
  const server = error instanceof MongoServerError ? error : undefined;
  if (expected.isClientError !== undefined)
    assert.equal(server === undefined, expected.isClientError, error.message);
  if (expected.errorContains !== undefined) {
    assert.ok(error.message.toLowerCase().includes(expected.errorContains.toLowerCase()), error.message);
  }
  if (expected.errorCode !== undefined) assert.equal(server?.code, expected.errorCode, error.message);
  if (expected.errorCodeName !== undefined) assert.equal(server?.codeName, expected.errorCodeName);
  if (expected.errorResponse) assert.equal(mismatch(expected.errorResponse, server, context), undefined);
  if (expected.expectResult !== undefined) {
    const { result } = error as Error & { result?: unknown };
    assert.equal(mismatch(expected.expectResult, result, context), undefined);
  }
}

function compareEvents({ client, events }: ExpectedEvents, entities: Entities, context: MatchContext): void {
  const { observed } = entities.clients.get(client)!;
  assert.deepEqual(
    observed.map(({ name }) => name),
    events.map((event) => Object.keys(event)[0]),
  );
  for (const [i, expected] of events.entries()) {
    const [name, { command, reply, ...fields }] = Object.entries(expected)[0]!;
    const event = observed[i]!.event as unknown as Record<string, unknown>;
    const where = `event ${i}, ${name}`;
    assert.equal(mismatch(fields, event, context, where), undefined);
    // Command and reply are roots of their own: they may have more fields than are named.
    if (command) assert.equal(mismatch(command, event.command, context, `${where}.command`), undefined);
    if (reply) assert.equal(mismatch(reply, event.reply, context, `${where}.reply`), undefined);
  }
}
