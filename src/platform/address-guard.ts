import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Addresses that nothing we call has: link-local, among them the metadata services of clouds that hand out credentials;
 * unspecified, which the system takes for this host; multicast and reserved. RFC 6890, RFC 3927, RFC 4291.
 */
const NEVER = new BlockList();
NEVER.addSubnet('0.0.0.0', 8);
NEVER.addSubnet('169.254.0.0', 16);
NEVER.addSubnet('224.0.0.0', 3);
NEVER.addSubnet('100.100.100.200', 32);
NEVER.addAddress('::', 'ipv6');
NEVER.addSubnet('fe80::', 10, 'ipv6');
NEVER.addSubnet('fd00:ec2::', 32, 'ipv6');
NEVER.addSubnet('ff00::', 8, 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** Why an address must not be called under this host name; null when it may. */
export function addressFault(host: string, address: string): string | null {
  const { family, plain } = unmapped(address);
  if (family === null) return 'no address';
  if (NEVER.check(plain, family)) return 'an address that no judge or registry has';
  // A name of the configuration that points at this host is fine when it says so; a public one that does was taken over.
  if (LOOPBACK.check(plain, family) && isIP(bare(host)) === 0 && !/^localhost$|\.localhost$/i.test(host)) {
    return 'a public name with an address of this host';
  }
  return null;
}

/**
 * The system's look-up for connections that carry credentials, each answer held against `addressFault` at the moment it is used: a
 * name that is checked first and looked up again can have another address by then (DNS rebinding). All answers must pass.
 */
export function guardedLookup(lookup: LookupFunction = systemLookup): LookupFunction {
  return (host, options, callback) => {
    lookup(host, options, (error, address, family) => {
      if (error !== null) {
        callback(error, address, family);
        return;
      }
      const addresses = typeof address === 'string' ? [address] : address.map((one) => one.address);
      const faults = addresses.map((one) => addressFault(host, one)).filter((fault) => fault !== null);
      if (faults.length === 0 && addresses.length > 0) callback(null, address, family);
      else callback(Object.assign(new Error(faults[0] ?? 'no address'), { code: 'ADDRESS_REFUSED' }), '', 0);
    });
  };
}

/** The fault of a host that is written as an address and so is never looked up; null for names. */
export function literalFault(host: string): string | null {
  return isIP(bare(host)) === 0 ? null : addressFault(host, bare(host));
}

/** URLs put IPv6 addresses in brackets. */
function bare(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

interface Unmapped {
  readonly plain: string;
  readonly family: 'ipv4' | 'ipv6' | null;
}

/** `::ffff:169.254.169.254`, also as `::ffff:a9fe:a9fe`, is the IPv4 address in it. RFC 4291, 2.5.5.2. */
function unmapped(address: string): Unmapped {
  if (isIP(address) === 4) return { plain: address, family: 'ipv4' };
  if (isIP(address) !== 6) return { plain: address, family: null };
  const { hostname } = new URL(`http://[${address.split('%')[0] ?? ''}]/`);
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return { plain: bare(hostname), family: 'ipv6' };
  const parts = [high, low].map((part) => parseInt(part, 16)).flatMap((part) => [part >> 8, part & 255]);
  return { plain: parts.join('.'), family: 'ipv4' };
}
