/**
 * The specification tests of MongoDB's drivers, through the real driver, as referee of this server; or of the real one
 * that MONGODB_URL names, which shows that the runner is fair.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import type { EmbeddedServer } from '../../server.ts';
import { startMongoDB } from '../server.ts';
import { runCase } from './run-case.ts';
import { isSuiteThere, loadSuite, SUITE_FOLDER, type TestCase } from './suite.ts';

/** Tests that apply and fail, by file and description, each with the reason. */
const KNOWN_FAILURES: Record<string, string> = {};

const nameOf = ({ file, description }: TestCase) => `${file}: ${description}`;

if (isSuiteThere) {
  const { all, applicable } = loadSuite();

  describe("the specification tests of MongoDB's drivers", () => {
    let dir: string;
    let server: EmbeddedServer | undefined;
    let url: string;
    let admin: MongoClient;

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'souk-mongodb-crud-'));
      if (!process.env.MONGODB_URL) server = await startMongoDB({ dir });
      url = process.env.MONGODB_URL ?? server?.url ?? '';
      admin = new MongoClient(url);
    });
    afterAll(async () => {
      await admin.close();
      await server?.stop();
      rmSync(dir, { recursive: true });
    });

    test('166 of the 203 tests apply to a standalone server of version 7.0', () => {
      expect([all.length, applicable.length]).toEqual([203, 166]);
    });

    test('the failures that are known are tests of the suite', () => {
      expect(applicable.map(nameOf)).toEqual(expect.arrayContaining(Object.keys(KNOWN_FAILURES)));
    });

    for (const testCase of applicable) {
      const reason = KNOWN_FAILURES[nameOf(testCase)];
      test(`${nameOf(testCase)}${reason ? `, which fails: ${reason}` : ''}`, async () => {
        const run = runCase(testCase, url, admin);
        await (reason ? expect(run).rejects.toThrow() : run);
      });
    }
  });
} else {
  test.skip(`the specification tests of MongoDB's drivers are not at ${SUITE_FOLDER}`, () => {});
}
