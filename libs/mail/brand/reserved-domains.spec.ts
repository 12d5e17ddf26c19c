import { BRANDS_DIR } from '../package-root.ts';
import type { Brand } from './brand.ts';
import { loadBrands } from './load-brands.ts';
import { warnOfReservedDomains } from './reserved-domains.ts';

const brands = loadBrands(BRANDS_DIR);
const east = brands.get('ntt-east')!;

function warningsOf(...these: readonly Brand[]): object[] {
  const said: object[] = [];
  warnOfReservedDomains(new Map(these.map((brand) => [brand.id, brand])), {
    warn: (facts) => said.push(facts),
  });
  return said;
}

describe('a warning of the domains of examples (B1)', () => {
  it('names the brand that comes with one, its file and its fields, and no other brand', () => {
    expect(warningsOf(...brands.values())).toEqual([
      {
        brand: 'rakuten-mobile',
        file: 'rakuten-mobile.yaml',
        fields: [
          'site.url: selfcare.rakuten-mobile.example',
          'mail.domain: rakuten-mobile.example',
          'mail.bounceDomain: b.rakuten-mobile.example',
        ],
      },
    ]);
  });

  it.each([
    ['example.com', true],
    ['mail.example.org', true],
    ['denwa.test', true],
    ['example.jp', false],
    ['myexample.com', false],
    ['test.hikari.jp', false],
  ])('%s: %s', (domain, warned) => {
    expect(warningsOf({ ...east, mail: { ...east.mail, domain } })).toHaveLength(warned ? 1 : 0);
    const links = [{ text: 'help', url: `https://${domain}/help` }];
    expect(warningsOf({ ...east, links })).toHaveLength(warned ? 1 : 0);
  });
});
