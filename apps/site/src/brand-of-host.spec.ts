import { BRANDS_DIR, loadBrands } from '#mail';
import { brandOfHost } from './brand-of-host.ts';

const brands = loadBrands(BRANDS_DIR);
const shownAt = (host: string | undefined, siteUrl?: string) => brandOfHost(brands, siteUrl)(host).id;

describe('the brand before the login (B1)', () => {
  it.each([
    ['www.hikari.ntt-west.net', 'ntt-west'],
    ['WWW.HIKARI.NTT-WEST.NET', 'ntt-west'],
    ['www.hikari.ntt-east.net', 'ntt-east'],
    ['selfcare.rakuten-mobile.example', 'rakuten-mobile'],
    ['www.hikari.ntt-west.net.example.jp', 'ntt-east'],
    ['localhost:3000', 'ntt-east'],
    ['', 'ntt-east'],
    [undefined, 'ntt-east'],
  ])('at %s is %s', (host, brand) => expect(shownAt(host)).toBe(brand));

  it('is the first by id where one host serves all, for trying out', () => {
    expect(shownAt('www.hikari.ntt-west.net', 'http://localhost:3000')).toBe('ntt-east');
  });
});
