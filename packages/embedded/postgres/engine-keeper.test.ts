import { rmSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { prepareDataFolder } from './data-folder.ts';
import { type EngineKeeper, keepEngine } from './engine-keeper.ts';
import type { EngineThread } from './engine-thread.ts';
import { eventually, temporaryFolder } from './tests/with-server.ts';
import { joinExactly, query } from './wire/messages.ts';

const dir = temporaryFolder();
let keeper: EngineKeeper | undefined;
afterAll(async () => {
  await keeper?.stop(false);
  rmSync(dir, { recursive: true, force: true });
});

test('an engine that is lost in a statement is replaced, and the new one works', async () => {
  const engines: EngineThread[] = [];
  const deaths: string[] = [];
  const warnings: string[] = [];
  let results = 0;
  let outputs = 0;
  const dataDir = await prepareDataFolder(dir, () => {});
  keeper = await keepEngine(
    dataDir,
    {
      onEngine: (engine) => engines.push(engine),
      onDeath: (reason) => deaths.push(reason),
      onOutput: (_session, _bytes, onSent) => {
        outputs += 1;
        onSent();
      },
      onNeedsInput: () => {},
      onResult: () => {
        results += 1;
      },
    },
    (message) => warnings.push(message),
  );
  const run = (sql: string) => {
    const open = { session: 1, slot: 0, task: { kind: 'open' as const, settings: [], told: [] } };
    const task = { kind: 'messages' as const, bytes: joinExactly([query(sql)]) };
    engines.at(-1)?.run([open, { session: 1, slot: 1, task }]);
  };
  // The first one's output tells that it has begun.
  run("SELECT repeat('x', 300000); SELECT count(*) FROM generate_series(1, 100000000000)");
  await eventually(() => outputs > 0);
  expect(results).toBe(1);
  expect(engines[0]?.withdraw(1)).toBe(false);
  engines[0]?.cancel(1);
  keeper.replace('it does not come back');
  await eventually(() => engines.length === 2);
  expect(deaths).toEqual(['it does not come back']);
  expect(warnings[0]).toContain(dataDir);
  expect(keeper.failure()).toBeUndefined();
  run('SELECT 1');
  await eventually(() => results === 3);
});
