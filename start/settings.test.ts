import { describe, expect, test } from '@jest/globals';
import { integer } from '@souk/kit/settings/kinds';
import { z } from 'zod';
import { JOB_FLAGS, parseProcessSettings, SERVING_FLAGS } from './settings.ts';

const rooms = [
  {
    name: 'shelves',
    stores: ['postgres', 'redis'],
    settings: { SOUK_PUBLIC_URL: z.string().default('http://a') },
  },
  { name: 'books', stores: ['mongodb'], settings: { SOUK_BOOKS_MAX: integer(1, 9).prefault('5') } },
] as const;

const parse = (env: Record<string, string>, args: string[] = []) =>
  parseProcessSettings(rooms, { env, args, flags: SERVING_FLAGS });

describe('Settings of npm start', () => {
  test('limit rates where others than its own user can ask, or where it is set', () => {
    const limited = { perAddress: 100, perViewer: 1_000 };
    expect(parse({ HOST: '0.0.0.0' }).rates).toEqual(limited);
    expect(parse({ HOST: '::1' }).rates).toBeUndefined();
    expect(parse({ ROUTER_RATE_ADDRESS: '7' }).rates).toEqual({ ...limited, perAddress: 7 });
    expect(parse({ HOST: '0.0.0.0', ROUTER_RATE_ADDRESS: '0', ROUTER_RATE_VIEWER: '0' }).rates).toEqual({
      perAddress: 0,
      perViewer: 0,
    });
  });

  test('need none: everything is embedded, the demo is loaded', () => {
    expect(parse({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      metricsPort: undefined,
      logLevel: 'warn',
      tracesEndpoint: undefined,
      dataDir: '.souk',
      seed: 'demo',
      lively: false,
      rates: undefined,
      trustedProxies: [],
      publicUrl: undefined,
      urls: { shelves: {}, books: {} },
      ofRooms: { SOUK_PUBLIC_URL: 'http://a', SOUK_BOOKS_MAX: 5 },
    });
  });

  test('give each room the URLs of its stores, its own before the shared one', () => {
    const { urls } = parse({
      POSTGRES_URL: 'postgres://shared/a',
      SHELVES_POSTGRES_URL: 'postgres://own/a',
      MONGODB_URL: 'mongodb://shared',
    });
    expect(urls).toEqual({
      shelves: { postgres: 'postgres://own/a' },
      books: { mongodb: 'mongodb://shared' },
    });
  });

  test('know the public address only when somebody set it', () => {
    expect(parse({ SOUK_PUBLIC_URL: 'http://shop' }).publicUrl).toBe('http://shop');
    expect(parse({ SOUK_PUBLIC_URL: ' ' }).publicUrl).toBeUndefined();
  });

  test('take flags before the environment', () => {
    const given = parse({ PORT: '1', SOUK_SEED: 'demo' }, [
      '--port',
      '2',
      '--seed',
      'none',
      '--data-dir',
      '/d',
    ]);
    expect(given).toMatchObject({ port: 2, seed: 'none', dataDir: '/d' });
  });

  test('have one flag that needs no value', () => {
    expect(parse({}, ['--lively', '--port', '2'])).toMatchObject({ lively: true, port: 2 });
    expect(parse({ SOUK_LIVELY: 'on' }).lively).toBe(true);
    expect(parse({ SOUK_LIVELY: 'on' }, ['--lively=off']).lively).toBe(false);
    expect(() => parse({ SOUK_LIVELY: 'yes' })).toThrow('SOUK_LIVELY must be one of on, off');
  });

  test('of the same product as many processes may stand beside them', () => {
    expect(() => parse({ SOUK_VIEWER_KEY: 'x' })).not.toThrow();
  });

  test('that are wrong are told together', () => {
    const wrong = () =>
      parse({ SOUK_BOOKS_MAX: '10', BOOKS_MONGODB_URL: 'http://x', SOUK_BOOK: '1' }, ['--port', 'x']);
    expect(wrong).toThrow(
      [
        'SOUK_BOOK is not a setting; remove it, or check its spelling',
        'SOUK_BOOKS_MAX must be a whole number from 1 to 9',
        'BOOKS_MONGODB_URL must be a URL that starts with mongodb:// or mongodb+srv://',
        '--port must be a port from 0 to 65535',
      ].join('\n'),
    );
  });

  test('of jobs have no port', () => {
    const job = () => parseProcessSettings(rooms, { env: {}, args: ['--port', '1'], flags: JOB_FLAGS });
    expect(job).toThrow("Unknown option '--port' (known flags: --data-dir)");
  });
});
