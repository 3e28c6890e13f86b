import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DataFileError, LogWriteError } from './errors.ts';
import { openLog, type RecordLog } from './log.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'souk-log-'));
  path = join(dir, 'data.log');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

interface Opened {
  log: RecordLog;
  records: string[];
  warnings: string[];
}

function open(snapshot: () => string[] = () => [], compactAbove?: number, file = path): Opened {
  const records: string[] = [];
  const warnings: string[] = [];
  const log = openLog({
    path: file,
    replay: (record) => records.push(record.toString()),
    snapshot: () => snapshot().map((text) => Buffer.from(text)),
    warn: (message) => warnings.push(message),
    ...(compactAbove === undefined ? {} : { compactAbove }),
  });
  return { log, records, warnings };
}

function write(log: RecordLog, ...records: string[]): void {
  for (const record of records) log.append(Buffer.from(record));
  log.commit();
}

async function written(...groups: string[][]): Promise<void> {
  const { log } = open();
  for (const group of groups) write(log, ...group);
  await log.close();
}

describe('a log', () => {
  test('gives back every record in order', async () => {
    await written(['a', 'b'], ['', 'c']);
    const { log, records } = open();
    expect(records).toEqual(['a', 'b', '', 'c']);
    await log.close();
  });

  test('has committed records in the file before commit returns', async () => {
    const { log } = open();
    write(log, 'a');
    const { log: reader, records } = open();
    expect(records).toEqual(['a']);
    await reader.close();
    await log.close();
  });

  test('drops a torn last group as a whole, wherever it was cut, and keeps its bytes aside', async () => {
    await written(['first'], ['second', 'third']);
    const whole = readFileSync(path);
    const secondStart = 8 + 12 + 4 + 'first'.length;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: secondStart, max: whole.length - 1 }), async (cut) => {
        writeFileSync(path, whole.subarray(0, cut));
        const { log, records, warnings } = open();
        expect(records).toEqual(['first']);
        expect(warnings).toHaveLength(cut === secondStart ? 0 : 1);
        write(log, 'later');
        await log.close();
        const again = open();
        expect(again.records).toEqual(['first', 'later']);
        await again.log.close();
      }),
      { numRuns: 20 },
    );
    expect(existsSync(`${path}.torn`)).toBe(true);
  });

  test('starts anew from a file header that was cut short', async () => {
    writeFileSync(path, 'SOUK');
    const { log, records } = open();
    write(log, 'a');
    await log.close();
    expect(records).toEqual([]);
    const again = open();
    expect(again.records).toEqual(['a']);
    await again.log.close();
  });

  test('refuses damage in the middle, names file and place, and touches nothing', async () => {
    await written(['first'], ['second'], ['third']);
    const damaged = readFileSync(path);
    damaged[8 + 12 + 4] = 0x58;
    writeFileSync(path, damaged);
    expect(() => open()).toThrow(DataFileError);
    expect(() => open()).toThrow(`${path} is damaged at byte 8`);
    expect(readFileSync(path).equals(damaged)).toBe(true);
  });

  test('is not misled by a log that is kept inside a torn record', async () => {
    await written(['inner']);
    const inner = readFileSync(path).toString('latin1');
    rmSync(path);
    const { log } = open();
    write(log, 'kept');
    write(log, inner);
    await log.close();
    truncateSync(path, statSync(path).size - 1);
    const again = open();
    expect(again.records).toEqual(['kept']);
    await again.log.close();
  });

  test('refuses a file that is no log, and leaves it as it is', () => {
    writeFileSync(path, 'this is a shopping list');
    expect(() => open()).toThrow(`${path} is not a log of this version of Souk`);
    expect(readFileSync(path, 'utf8')).toBe('this is a shopping list');
  });

  test('names the file when a record cannot be replayed', async () => {
    await written(['fine', 'strange']);
    const replay = (record: Buffer) => {
      if (record.toString() === 'strange') throw new Error('unknown kind of record');
    };
    expect(() => openLog({ path, replay, snapshot: () => [] })).toThrow(
      `${path} holds a record at byte 8 that cannot be read: unknown kind of record`,
    );
  });

  test('names a folder that is not there', () => {
    expect(() => open(undefined, undefined, join(dir, 'missing', 'data.log'))).toThrow(
      /missing\/data.log cannot be opened/,
    );
  });
});

describe('a rewrite', () => {
  test('happens while the log is in use, keeps today’s state and drops history', async () => {
    let state = '';
    const { log } = open(() => [state], 2000);
    for (let i = 0; i < 500; i++) {
      state = `state ${i}`;
      write(log, state);
      expect(statSync(path).size).toBeLessThan(5000);
    }
    await log.close();
    const again = open();
    expect(again.records.at(-1)).toBe('state 499');
    expect(again.records.length).toBeLessThan(200);
    await again.log.close();
  });

  test('that was killed half-way leaves the old log in force', async () => {
    await written(['a']);
    appendFileSync(`${path}.next`, 'half a rewrite');
    const { log, records } = open();
    expect(records).toEqual(['a']);
    expect(existsSync(`${path}.next`)).toBe(false);
    await log.close();
  });

  test('that fails is told, and the log goes on', async () => {
    const failing = () => {
      throw new Error('no snapshot today');
    };
    const { log, warnings } = open(failing, 1000);
    for (let i = 0; i < 100; i++) write(log, `record ${i}`);
    await log.close();
    expect(warnings[0]).toContain('could not be rewritten and goes on growing: no snapshot today');
    const again = open();
    expect(again.records).toHaveLength(100);
    await again.log.close();
  });
});

describe('a full disk', () => {
  const mount = join(tmpdir(), `souk-full-${process.pid}`);
  function mountTiny(): boolean {
    try {
      execFileSync('sh', ['-c', `mkdir -p ${mount} && mount -t tmpfs -o size=64k souk-test ${mount}`], {
        stdio: 'ignore',
      });
      return true;
    } catch {
      // Mounting is the privilege of root, and of containers that were given it.
      return false;
    }
  }
  const allowed = mountTiny();
  afterEach(() => {
    if (allowed) execFileSync('umount', [mount]);
    rmSync(mount, { recursive: true, force: true });
  });

  (allowed ? test : test.skip)(
    'refuses writes by the file’s name, then takes the kept group once there is room',
    async () => {
      const file = join(mount, 'data.log');
      const { log } = open(undefined, undefined, file);
      write(log, 'before');
      writeFileSync(join(mount, 'filler'), Buffer.alloc(52 * 1024));
      log.append(Buffer.alloc(32 * 1024, 'x'));
      expect(() => log.commit()).toThrow(LogWriteError);
      expect(() => log.ensureWritable()).toThrow(`${file} cannot be written: No space left on device`);
      const meanwhile = open(undefined, undefined, file);
      expect(meanwhile.records).toEqual(['before']);
      await meanwhile.log.close();
      rmSync(join(mount, 'filler'));
      log.ensureWritable();
      write(log, 'after');
      await log.close();
      const { log: again, records } = open(undefined, undefined, file);
      expect(records.map((record) => record.length)).toEqual([6, 32 * 1024, 5]);
      await again.close();
    },
  );
});
