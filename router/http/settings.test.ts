import { describe, expect, test } from '@jest/globals';
import { parseRouterSettings } from '../settings.ts';
import { httpOptionsOf } from './settings.ts';

const parse = (env: Record<string, string>) => parseRouterSettings(['--supergraph', 's.graphql'], env);

describe('settings of HTTP', () => {
  test('let no other site in and take no batch unless they are told', () => {
    expect(httpOptionsOf(parse({}))).toMatchObject({ compression: true, maxBatch: 0, cors: undefined });
    expect(parse({})).toMatchObject({ ROUTER_DOCUMENTS: 'open', ROUTER_INTROSPECTION: true });
  });

  test('are read into what they mean', () => {
    const settings = parse({
      ROUTER_CORS_ORIGINS: 'https://shop.example, http://localhost:3000',
      ROUTER_CORS_CREDENTIALS: 'on',
      ROUTER_CORS_MAX_AGE_SECONDS: '0',
      ROUTER_REGISTERED_DOCUMENTS: 'a.json, b/c.json,',
    });
    expect(httpOptionsOf(settings).cors).toEqual({
      origins: ['https://shop.example', 'http://localhost:3000'],
      credentials: true,
      maxAgeSeconds: 0,
    });
    expect(settings.ROUTER_REGISTERED_DOCUMENTS).toEqual(['a.json', 'b/c.json']);
    expect(httpOptionsOf(parse({ ROUTER_CORS_ORIGINS: '*' })).cors!.origins).toBe('*');
  });

  test.each([
    'shop.example',
    'https://shop.example/',
    'https://*.example',
    'HTTPS://Shop.example',
    '*,https://a.example',
    'null',
  ])('take no origin that a browser would never send: %s', (origins) => {
    expect(() => parse({ ROUTER_CORS_ORIGINS: origins })).toThrow('ROUTER_CORS_ORIGINS must be origins');
  });

  test.each([
    [{ ROUTER_CORS_ORIGINS: '*', ROUTER_CORS_CREDENTIALS: 'on' }, 'ROUTER_CORS_CREDENTIALS=on needs origins'],
    [{ ROUTER_DOCUMENTS: 'registered' }, 'ROUTER_DOCUMENTS=registered needs manifests'],
  ])('that are wrong together are told: %j', (env, message) => {
    expect(() => parse(env as unknown as Record<string, string>)).toThrow(message);
  });
});
