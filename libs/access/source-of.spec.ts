import fc from 'fast-check';
import { sourceOf } from './source-of.ts';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8::/64'],
  ['2001:db8:1:2:3::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b::/64'],
  ['::1', '::/64'],
  ['::', '::/64'],
  ['', ''],
  ['unknown', 'unknown'],
])('A3 the tries of %s count as those of %s', (address, source) => expect(sourceOf(address)).toBe(source));

it('A3 is the same for every address of a network, and another for another network', () => {
  const groups = fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 4, maxLength: 4 });
  const written = (numbers: readonly number[]): string => numbers.map((one) => one.toString(16)).join(':');
  fc.assert(
    fc.property(groups, groups, groups, groups, (network, host, otherHost, other) => {
      const source = sourceOf(`${written(network)}:${written(host)}`);
      expect(sourceOf(`${written(network)}:${written(otherHost)}`)).toBe(source);
      expect(sourceOf(`${written(network)}::${written(host.slice(2))}`)).toBe(source);
      expect(sourceOf(`${written(other)}::1`) === source).toBe(written(other) === written(network));
    }),
  );
});
