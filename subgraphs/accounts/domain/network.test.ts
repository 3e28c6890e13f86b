import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { networkOf } from './network.ts';

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:0db8:0001:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:DB8::1', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['not an address', undefined],
  ['999.1.1.1', undefined],
  [undefined, undefined],
])('%s belongs to %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('neighbours share a network, and the last parts of an address are in none', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, byte, byte, (a, b, c, d, e) => {
      expect(networkOf(`${a}.${b}.${c}.${d}`)).toBe(networkOf(`${a}.${b}.${c}.${e}`));
    }),
  );
  const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
  fc.assert(
    fc.property(
      fc.array(group, { minLength: 8, maxLength: 8 }),
      fc.array(group, { minLength: 5, maxLength: 5 }),
      (groups, others) => {
        expect(networkOf(groups.join(':'))).toBe(networkOf([...groups.slice(0, 3), ...others].join(':')));
      },
    ),
  );
});
