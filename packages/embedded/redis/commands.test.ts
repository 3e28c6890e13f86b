/** The table of commands and answers, against this server, and against a real Redis where REDIS_URL names one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EmbeddedServer } from '../server.ts';
import { commandsTable } from './commands.table.ts';
import { embeddedOnlyTable } from './conformance/embedded-only.table.ts';
import { isSince, runSequence, versionOf } from './conformance/run-sequence.ts';
import type { Sequence } from './conformance/sequence.ts';
import { startRedis } from './server.ts';

const dir = mkdtempSync(join(tmpdir(), 'souk-redis-commands-'));
const warnings: string[] = [];
let server: EmbeddedServer;

beforeAll(async () => {
  server = await startRedis({ dir, warn: (message) => warnings.push(message) });
});

afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

function runTable(url: () => string, table: readonly Sequence[], version: () => string): void {
  for (const sequence of table) {
    test(sequence.name, async () => {
      if (isSince(version(), sequence.since)) await runSequence(url(), version(), sequence);
    });
  }
}

describe('embedded Redis answers as Redis does:', () => {
  for (const [family, table] of Object.entries(commandsTable)) {
    describe(family, () =>
      runTable(
        () => server.url,
        table,
        () => '7.2',
      ),
    );
  }

  describe('what is not to be had here', () =>
    runTable(
      () => server.url,
      embeddedOnlyTable,
      () => '7.2',
    ));

  test('without a word to the operator', () => {
    expect(warnings).toEqual([]);
  });

  test('and after a restart the log of all this is read back', async () => {
    await server.stop();
    server = await startRedis({ dir, warn: (message) => warnings.push(message) });
    expect(warnings).toEqual([]);
  });
});

const { REDIS_URL } = process.env;
if (REDIS_URL) {
  describe('a real Redis answers so:', () => {
    let version: string;
    beforeAll(async () => {
      version = await versionOf(REDIS_URL);
    });

    for (const [family, table] of Object.entries(commandsTable)) {
      describe(family, () =>
        runTable(
          () => REDIS_URL,
          table,
          () => version,
        ),
      );
    }
  });
}
