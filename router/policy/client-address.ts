/** Where a client is: the peer of the socket, or what proxies of ours say of it. */
import { BlockList, isIP } from 'node:net';
import type { HttpRequest } from '@souk/kit/http/handler';

export type TrustedProxies = BlockList;

const FORWARDED_FOR = 'x-forwarded-for';
/** Each proxy adds one; who is behind more than that is not believed. */
const MAX_HOPS = 20;

/** Throws with a sentence that continues the setting's name. */
export function trustProxies(ranges: readonly string[]): TrustedProxies {
  const trusted = new BlockList();
  for (const range of ranges) {
    const [address = '', bits, more] = range.split('/');
    const version = isIP(address);
    const longest = version === 4 ? 32 : 128;
    const isRange = bits !== undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= longest;
    if (version === 0 || more !== undefined || (bits !== undefined && !isRange)) {
      throw new Error(
        `must be addresses or ranges such as 10.0.0.0/8 with commas between them; "${range}" is none`,
      );
    }
    trusted.addSubnet(address, bits === undefined ? longest : Number(bits), familyOf(address));
  }
  return trusted;
}

/**
 * Read from the right: each proxy adds whom it heard from, so that the first address that is not one of ours is as far
 * as we know. What stands left of it anyone could have written.
 */
export function clientAddress({ ip, headers }: HttpRequest, trusted?: TrustedProxies): string | undefined {
  const peer = ip === undefined ? undefined : plain(ip);
  const forwarded = headers[FORWARDED_FOR];
  if (peer === undefined || forwarded === undefined || !trusted || !isTrusted(peer, trusted)) return peer;
  let known = peer;
  const hops = forwarded.split(',');
  for (const hop of hops.slice(-MAX_HOPS).reverse()) {
    const address = addressOf(hop.trim());
    if (address === undefined) return known;
    known = address;
    if (!isTrusted(known, trusted)) return known;
  }
  return known;
}

function isTrusted(address: string, trusted: TrustedProxies): boolean {
  return trusted.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** Some proxies add the port. */
function addressOf(hop: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
  return isIP(bare) === 0 ? undefined : plain(bare);
}

/** A socket that takes both kinds shows an IPv4 address as an IPv6 one. */
function plain(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return (mapped ?? address).toLowerCase();
}

/** Whoever has one IPv6 address has the whole /64 that it is in, so that all of it counts as one. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(gap).fill('0'), ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
