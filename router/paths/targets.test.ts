import { describe, expect, test } from '@jest/globals';
import { pathTargets, targetOf } from './targets.ts';

const parse = (text: string) => pathTargets.parse(text);
const faultOf = (text: string) => pathTargets.safeParse(text).error?.issues[0]?.message;

describe('paths of other services', () => {
  test('are pairs, of which the longest is the one that is meant', () => {
    const targets = parse('/media/=http://a:1, /keys.json=https://b/ ,/media/covers/=http://c:3');
    const originOf = (path: string) => targetOf(targets, path)?.origin;
    expect(['/media/x', '/media/covers/x', '/keys.json', '/keys.json/1'].map(originOf)).toEqual([
      'http://a:1',
      'http://c:3',
      'https://b',
      'https://b',
    ]);
    expect(['/', '/media', '/mediation', '/keys.json2', '/graphql'].map(originOf)).toEqual(
      Array(5).fill(undefined),
    );
  });

  test.each([
    '/media',
    'media/=http://a',
    '/m/=ftp://a',
    '/m/=http://a/b',
    '/m/=http://u:p@a',
    '/m/=',
    '',
    '/a=http://a,',
  ])('are refused when they are no pairs: %j', (text) => {
    expect(faultOf(text)).toBe('must be /prefix=http://host:port pairs with commas between them');
  });

  test.each(['/', '/graphql', '/graphql/', '/graphql/x', '/health', '/health/', '/health/ready'])(
    'leave to the router what is its own: %j',
    (prefix) => {
      expect(faultOf(`${prefix}=http://a`)).toMatch(/^must leave \/(graphql|health) to the router/);
    },
  );

  test.each(['..', '.', '%2e%2e', '.%2E', '%2E'])('are not left by climbing with %s', (dots) => {
    const targets = parse('/media/=http://a:1');
    for (const path of [
      `/media/${dots}/graphql`,
      `/media/${dots}`,
      `/media/x/${dots}%2fy`,
      `/media/x%5c${dots}%5cy`,
    ]) {
      expect(targetOf(targets, path)).toBeUndefined();
    }
    expect(targetOf(targets, `/media/a${dots}b`)).toBeDefined();
  });
});
