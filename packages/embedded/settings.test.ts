import { expect, test } from '@jest/globals';
import { parseSettings } from './settings.ts';

test('takes the folder from the flag, then from the environment, then .souk', () => {
  expect(parseSettings([], {}).dataDir).toBe('.souk');
  expect(parseSettings([], { SOUK_DATA_DIR: '/srv/souk' }).dataDir).toBe('/srv/souk');
  expect(parseSettings(['--data-dir', 'here'], { SOUK_DATA_DIR: '/srv/souk' }).dataDir).toBe('here');
});

test('takes a port for each server, and any free one otherwise', () => {
  expect(parseSettings(['--redis-port', '6379'], {}).ports).toEqual({ postgres: 0, mongodb: 0, redis: 6379 });
});

test.each([
  [['--redis-port', '65536'], '--redis-port is "65536", but must be a port from 0 to 65535'],
  [['--redis-port', '-1'], "Option '--redis-port' argument is ambiguous"],
  [['--redis-port', '1', '--mongodb-port', '1'], 'two servers are given the same port'],
  [['--data-dir', ' '], 'SOUK_DATA_DIR (or --data-dir) is empty, but must name a folder'],
  [['somewhere'], 'Unexpected argument'],
])('refuses %j', (args, message) => {
  expect(() => parseSettings(args, {})).toThrow(message);
});
