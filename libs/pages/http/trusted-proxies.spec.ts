import { trustedProxies } from './trusted-proxies.ts';

const isProxy = trustedProxies(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32']);

it.each([
  ['10.1.2.3', true],
  ['10.2.2.3', false],
  ['192.0.2.7', true],
  ['192.0.2.8', false],
  ['::ffff:10.1.2.3', true],
  ['::ffff:10.2.2.3', false],
  ['2001:db8::1', true],
  ['2001:db9::1', false],
  ['', false],
])('a proxy has the address %s: %s', (address, expected) => expect(isProxy(address)).toBe(expected));

it('nobody is a proxy where none is named', () => expect(trustedProxies([])('127.0.0.1')).toBe(false));
