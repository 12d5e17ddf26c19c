import { BlockList, isIPv6 } from 'node:net';

const family = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** Tells whether an address is in one of the blocks: IP addresses and CIDR blocks, checked by the environment. */
export function trustedProxies(blocks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', bits] = block.split('/');
    if (bits === undefined) list.addAddress(address, family(address));
    else list.addSubnet(address, Number(bits), family(address));
  }
  // A socket that takes both families shows 10.0.0.1 as ::ffff:10.0.0.1; the list knows that they are the same.
  return (address) => list.check(address, family(address));
}
