import ipaddr from 'ipaddr.js';

/** Half of an IPv6 address: what one subscriber has to himself. */
const NETWORK_BITS = 64;

/**
 * What the tries of an address are counted by (A3): of IPv6 the first 64 bits, since whoever has one address of such a
 * network has all of them. IPv4 counts as itself, however a socket for both families shows it.
 */
export function sourceOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${NETWORK_BITS}`);
  return `${network.toString()}/${NETWORK_BITS}`;
}
