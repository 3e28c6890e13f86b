import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  host,
  integer,
  oneOf,
  onOrOff,
  port,
  postgresUrl,
  serviceSettings,
  url,
  viewerKeys,
} from './kinds.ts';
import { parseSettings, SettingsError, type SettingsShape } from './settings.ts';

function faultsOf(
  shape: SettingsShape,
  env: Record<string, string>,
  more: Partial<Parameters<typeof parseSettings>[0]> = {},
): string[] {
  try {
    parseSettings({ shape, env, ...more });
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message.split('\n');
  }
  return [];
}

describe('settings', () => {
  const shape = { PORT: port.default(4000), POSTGRES_URL: postgresUrl, SOUK_SWEEP: onOrOff.default(false) };

  test('come out typed, with their defaults', () => {
    const settings = parseSettings({ shape, env: { POSTGRES_URL: 'postgres://a@b/c', SOUK_SWEEP: 'on' } });
    expect(settings).toEqual({ PORT: 4000, POSTGRES_URL: 'postgres://a@b/c', SOUK_SWEEP: true });
    const typed: { PORT: number; POSTGRES_URL: string; SOUK_SWEEP: boolean } = settings;
    expect(typed.PORT).toBe(4000);
  });

  test('tell all their faults at once, each with its name', () => {
    expect(faultsOf(shape, { PORT: '70000', SOUK_SWEEP: 'maybe', SOUK_SWEAP: 'on' })).toEqual([
      'SOUK_SWEAP is not a setting; did you mean SOUK_SWEEP?',
      'PORT must be a port from 0 to 65535',
      'POSTGRES_URL is not set, but must be',
      'SOUK_SWEEP must be one of on, off',
    ]);
  });

  test('set to nothing are not set', () => {
    expect(faultsOf(shape, { PORT: ' ', POSTGRES_URL: '' })).toEqual([
      'POSTGRES_URL is not set, but must be',
    ]);
  });

  test('of other services may stand in the same environment, unknown ones may not', () => {
    const env = { SOUK_SEED: 'demo', HOME: '/root', SOUK_WHATEVER: '1' };
    expect(faultsOf({}, env, { alsoKnown: ['SOUK_SEED'] })).toEqual([
      'SOUK_WHATEVER is not a setting; remove it, or check its spelling',
    ]);
  });

  test('of a flag go before those of the environment', () => {
    const source = { shape: { PORT: port }, env: { PORT: '1' }, flags: { port: 'PORT' as const } };
    expect(parseSettings({ ...source, args: ['--port', '2'] })).toEqual({ PORT: 2 });
    expect(parseSettings({ ...source, args: ['--port=3'] })).toEqual({ PORT: 3 });
    expect(faultsOf(source.shape, source.env, { ...source, args: ['--port', 'x'] } as never)).toEqual([
      '--port must be a port from 0 to 65535',
    ]);
  });

  test('do not take flags or words that they do not know', () => {
    const flags = { port: 'PORT' };
    const [unknown] = faultsOf({ PORT: port.optional() }, {}, { flags, args: ['--prot', '1'] } as never);
    expect(unknown).toBe("Unknown option '--prot' (known flags: --port)");
    const [word] = faultsOf({}, {}, { args: ['word'] });
    expect(word).toContain("Unexpected argument 'word'");
    expect(word).toContain('this command takes none');
  });

  test('can be checked together', () => {
    const check = (given: Record<string, string>) =>
      given.A && given.B ? ['A and B exclude one another'] : [];
    const both = { A: z.string().optional(), B: z.string().optional() };
    expect(faultsOf(both, { A: '1', B: '2' }, { check })).toEqual(['A and B exclude one another']);
    expect(faultsOf(both, { A: '1' }, { check })).toEqual([]);
  });
});

describe('kinds of setting', () => {
  test.each([
    [port, '0', 0],
    [port, '65535', 65_535],
    [host, '0.0.0.0', '0.0.0.0'],
    [host, '::1', '::1'],
    [integer(1, 9), '9', 9],
    [oneOf('a', 'b'), 'b', 'b'],
    [url('https'), 'https://example.com/x', 'https://example.com/x'],
    [postgresUrl, 'postgresql://u:p@h:1/d', 'postgresql://u:p@h:1/d'],
  ])('%# takes %s', (kind, text, value) => {
    expect(kind.parse(text)).toBe(value);
  });

  test.each([
    [port, '65536'],
    [port, '-1'],
    [port, '4000x'],
    [host, 'a b'],
    [host, 'http://x'],
    [integer(1, 9), '10'],
    [integer(1, 9), '1.5'],
    [oneOf('a', 'b'), 'c'],
    [url('https'), 'http://example.com'],
    [postgresUrl, 'localhost:5432'],
  ])('%# refuses %s', (kind, text) => {
    expect(kind.safeParse(text).success).toBe(false);
  });

  test('never tell a value that may be a secret', () => {
    const faults = faultsOf(
      { POSTGRES_URL: postgresUrl, SOUK_VIEWER_KEY: viewerKeys },
      { POSTGRES_URL: 'mysql://root:hunter2@db', SOUK_VIEWER_KEY: 'hunter2' },
    );
    expect(faults).toEqual([
      'POSTGRES_URL must be a URL that starts with postgres:// or postgresql://',
      expect.stringMatching(/^SOUK_VIEWER_KEY is no list of keys: key 1 must be at least 32 bytes/),
    ]);
    expect(faults.join()).not.toContain('hunter2');
  });

  test('of every service have defaults, so that one starts without any', () => {
    expect(parseSettings({ shape: serviceSettings, env: {} })).toEqual({
      HOST: '127.0.0.1',
      PORT: 4000,
      SOUK_LOG_LEVEL: 'info',
    });
  });
});
