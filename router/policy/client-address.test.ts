import { describe, expect, test } from '@jest/globals';
import { EMPTY_BODY } from '@souk/kit/http/handler';
import { clientAddress, networkOf, trustProxies } from './client-address.ts';

const trusted = trustProxies(['10.0.0.0/8', '192.168.1.1', 'fd00::/8']);

function addressOf(ip: string | undefined, forwarded?: string) {
  const headers = { 'x-forwarded-for': forwarded, forwarded: 'for=9.9.9.9', 'x-real-ip': '9.9.9.9' };
  const request = { method: 'GET', path: '/', query: '', headers, body: EMPTY_BODY };
  return clientAddress(ip === undefined ? request : { ...request, ip }, trusted);
}

describe('the address of a client', () => {
  test.each([
    ['the peer, without a proxy', '1.2.3.4', undefined, '1.2.3.4'],
    ['the peer, whatever it claims', '1.2.3.4', '5.6.7.8', '1.2.3.4'],
    ['what a proxy of ours heard', '10.1.1.1', '5.6.7.8', '5.6.7.8'],
    ['the right-most that is not ours', '10.1.1.1', '6.6.6.6, 5.6.7.8, 10.2.2.2', '5.6.7.8'],
    ['one of ours, when all are', '10.1.1.1', '10.3.3.3, 192.168.1.1', '10.3.3.3'],
    ['the last that is known, before nonsense', '10.1.1.1', '5.6.7.8, unknown', '10.1.1.1'],
    ['the last that is known, before an empty place', '10.1.1.1', '5.6.7.8, , 10.2.2.2', '10.2.2.2'],
    ['a peer of ours that says nothing', '10.1.1.1', '', '10.1.1.1'],
    ['one with its port', '10.1.1.1', '5.6.7.8:1234', '5.6.7.8'],
    ['an IPv6 address in brackets', 'fd00::1', '[2001:DB8::1]:99', '2001:db8::1'],
    ['an IPv4 address on a socket for both', '::ffff:10.1.1.1', '5.6.7.8', '5.6.7.8'],
    ['none within a process', undefined, '5.6.7.8', undefined],
  ])('is %s', (_, ip, forwarded, address) => {
    expect(addressOf(ip, forwarded)).toBe(address);
  });

  test('is looked for among so many only', () => {
    expect(addressOf('10.1.1.1', `5.6.7.8, ${'10.2.2.2, '.repeat(5_000)}10.2.2.2`)).toBe('10.2.2.2');
  });
});

test.each(['', '10.0.0.0/33', '10.0.0/8', 'localhost', '10.0.0.0/8/8', '::/129', '10.0.0.0/x'])(
  'The range "%s" is refused',
  (range) => {
    expect(() => trustProxies([range])).toThrow('must be addresses or ranges');
  },
);

test.each([
  ['1.2.3.4', '1.2.3.4'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['2001:0db8:0:0:1::', '2001:db8:0:0::/64'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
