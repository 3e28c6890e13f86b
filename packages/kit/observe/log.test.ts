import { describe, expect, test } from '@jest/globals';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { createLog, type LogLevel, withoutPassword } from './log.ts';
import { newScope, runInScope } from './request-scope.ts';

function recording(level: LogLevel = 'info') {
  const lines: string[] = [];
  const log = createLog({
    service: 'shelf',
    level,
    destination: { write: (line: string) => lines.push(line) },
  });
  return { log, text: () => lines.join(''), entries: () => lines.map((line) => JSON.parse(line)) };
}

describe('a log line', () => {
  test('is JSON with level, time, service and words', () => {
    const { log, entries } = recording();
    log.info({ rows: 3 }, 'imported');
    const [entry] = entries();
    expect(entry).toMatchObject({ level: 'info', service: 'shelf', rows: 3, msg: 'imported' });
    expect(new Date(entry.time).toISOString()).toBe(entry.time);
  });

  test('has the id of the request that it is about, however deep below', async () => {
    const { log, entries } = recording();
    await runInScope(newScope('req-1'), async () => {
      await Promise.resolve();
      log.info('inside');
    });
    log.info('outside');
    expect(entries()[0].requestId).toBe('req-1');
    expect(entries()[1]).not.toHaveProperty('requestId');
  });

  test('is left out below the level', () => {
    const { log, text } = recording('warn');
    log.info('quiet');
    expect(text()).toBe('');
  });
});

describe('no secret is logged', () => {
  test.each([
    ['at the top', { password: 'hunter2', token: 'hunter2' }],
    ['one level down', { input: { newPassword: 'hunter2', refreshToken: 'hunter2' } }],
    ['two levels down', { request: { body: { apiKey: 'hunter2' } } }],
    ['among headers', { headers: { authorization: 'hunter2', cookie: 'hunter2', 'souk-viewer': 'hunter2' } }],
    [
      'among headers of a request',
      { request: { headers: { 'souk-guest': 'hunter2', 'x-api-key': 'hunter2' } } },
    ],
  ])('%s', (_, fields) => {
    const { log, text } = recording();
    log.info(fields, 'words');
    expect(text()).not.toContain('hunter2');
    expect(text()).toContain('[secret]');
  });

  test('as the parameter of a failed statement', () => {
    const { log, text, entries } = recording();
    const cause = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(hunter2) exists',
      constraint: 'users_email',
    });
    log.error({ err: new DrizzleQueryError('insert into users values ($1)', ['hunter2'], cause) }, 'failed');
    expect(text()).not.toContain('hunter2');
    expect(entries()[0].err).toMatchObject({
      message: expect.stringContaining('insert into users'),
      cause: { code: '23505', constraint: 'users_email' },
    });
  });

  test('as the duplicate key of a document', () => {
    const { log, text } = recording();
    const fault = new Error(
      'E11000 duplicate key error collection: a.b index: email dup key: { email: "hunter2" }',
    );
    log.error({ err: fault }, 'failed');
    expect(text()).toContain('index: email');
    expect(text()).not.toContain('hunter2');
  });

  test('as the password of a URL in a message', () => {
    const { log, text } = recording();
    log.error({ err: new Error('cannot reach postgres://souk:hunter2@db:5432/souk') }, 'failed');
    log.error({ err: 'redis://:hunter2@cache' }, 'failed');
    expect(text()).not.toContain('hunter2');
    expect(text()).toContain('postgres://souk:***@db:5432/souk');
  });

  test('a chain of causes that bites its tail still ends', () => {
    const { log, entries } = recording();
    const fault = new Error('ring') as Error & { cause?: unknown };
    fault.cause = fault;
    log.error({ err: fault }, 'failed');
    expect(entries()[0].err.message).toBe('ring');
  });
});

test.each([
  ['postgres://souk:hunter2@db:5432/souk?x=a@b', 'postgres://souk:***@db:5432/souk?x=a@b'],
  ['redis://:hunter2@cache', 'redis://:***@cache'],
  ['mongodb://127.0.0.1:27017', 'mongodb://127.0.0.1:27017'],
  ['mongodb+srv://u:hunter2@a,b/x', 'mongodb+srv://u:***@a,b/x'],
])('%s is shown as %s', (given, shown) => {
  expect(withoutPassword(given)).toBe(shown);
});
