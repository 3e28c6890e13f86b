import { describe, expect, test } from '@jest/globals';
import { parseRouterSettings, ROUTER_SETTINGS, USAGE } from './settings.ts';

const KEY = 'a'.repeat(64);
const parse = (env: Record<string, string> = {}, args: string[] = ['--supergraph', 's.graphql']) =>
  parseRouterSettings(args, env);

describe('settings', () => {
  test('have defaults for all but the supergraph', () => {
    expect(parse()).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 4000,
      ROUTER_SUPERGRAPH: 's.graphql',
      ROUTER_EXPLORER: true,
    });
    expect(() => parse({}, [])).toThrow('ROUTER_SUPERGRAPH is not set, but must be');
  });

  test('come from flags before the environment', () => {
    const settings = parse({ PORT: '1', HOST: 'a' }, ['--supergraph=x', '--port', '2', '--host', 'b']);
    expect(settings).toMatchObject({ PORT: 2, HOST: 'b', ROUTER_SUPERGRAPH: 'x' });
  });

  test('are read into what they mean', () => {
    const settings = parse({
      SOUK_VIEWER_KEY: KEY,
      ROUTER_SUBGRAPH_URLS: 'a=http://a:1/graphql, b = https://b/graphql?x=1',
      ROUTER_FORWARD_HEADERS: 'Authorization, x-tenant',
      ROUTER_EXPLORER: 'off',
      ROUTER_SUBGRAPH_TIMEOUTS: 'a=500, b = 2000',
    });
    expect(settings.ROUTER_SUBGRAPH_TIMEOUTS).toEqual({ a: 500, b: 2_000 });
    expect(settings.SOUK_VIEWER_KEY).toHaveLength(1);
    expect(settings.ROUTER_SUBGRAPH_URLS).toEqual({ a: 'http://a:1/graphql', b: 'https://b/graphql?x=1' });
    expect(settings.ROUTER_FORWARD_HEADERS).toEqual(['authorization', 'x-tenant']);
    expect(settings.ROUTER_EXPLORER).toBe(false);
    const guarded = parse({
      ROUTER_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      ROUTER_REVOCATIONS_CLAIMS: 'a=b, c = d',
    });
    expect(guarded.ROUTER_TRUSTED_PROXIES).toEqual(['10.0.0.0/8', '::1']);
    expect(guarded.ROUTER_REVOCATIONS_CLAIMS).toEqual({ a: 'b', c: 'd' });
  });

  test('have all their faults told at once, by name', () => {
    const faults = [
      ['PORT', '70000'],
      ['SOUK_VIEWER_KEY', 'short'],
      ['ROUTER_TRUSTED_PROXIES', '10.0.0.0/33'],
      ['ROUTER_REVOCATIONS_CLAIMS', 'a'],
      ['ROUTER_RATE_ADDRESS', '-1'],
      ['ROUTER_SUBGRAPH_URLS', 'a=ftp://x'],
      ['ROUTER_SUBGRAPH_WS_URLS', 'a=http://x'],
      ['ROUTER_SOCKET_MESSAGES', '0'],
      ['ROUTER_FORWARD_HEADERS', 'souk-viewer'],
      ['ROUTER_MAX_DEPTH', '0'],
      ['ROUTER_UNAUTHORIZED', 'maybe'],
      ['ROUTER_SUBGRAPH_TIMEOUTS', 'a=5s'],
      ['ROUTER_CORS_ORIGINS', 'shop.example'],
      ['ROUTER_JWKS_URL', 'keys'],
      ['ROUTER_EXPLORR', 'on'],
      ['SOUK_VIEWER_KEYS', KEY],
    ] as const;
    let message = '';
    try {
      parse(Object.fromEntries(faults));
    } catch (error) {
      // Every fault is looked for below.
      ({ message } = error as Error);
    }
    expect(message.split('\n')).toHaveLength(faults.length);
    for (const [name] of faults) expect(message).toMatch(new RegExp(`^${name} `, 'm'));
    expect(message).not.toContain('short');
  });

  test('that are not there are refused, flags as well', () => {
    expect(() => parse({}, ['--supergraph', 's', '--prot', '1'])).toThrow("Unknown option '--prot'");
    expect(() => parse({}, ['--supergraph', 's', 'more'])).toThrow('more');
    expect(() => parse({ ROUTER_X: '1' })).toThrow('ROUTER_X is not a setting');
    expect(parseRouterSettings(['--supergraph', 's'], { SOUK_SEED: 'demo' }, ['SOUK_SEED']).PORT).toBe(4000);
  });

  test('are all named by --help', () => {
    for (const name of Object.keys(ROUTER_SETTINGS)) {
      if (!name.startsWith('OTEL_')) expect(USAGE).toContain(name);
    }
  });
});
