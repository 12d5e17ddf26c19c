import { isFromThisSite } from './same-site.ts';

const host = 'site.example.jp';

describe('a POST is of this site', () => {
  it.each([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'none' }, true],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': '' }, false],
    [{ 'sec-fetch-site': 'same-origin, cross-site' }, false],
    // What a browser knows counts more than what it sends for older servers.
    [{ 'sec-fetch-site': 'cross-site', origin: `https://${host}` }, false],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, true],
    [{ origin: `https://${host}` }, true],
    [{ origin: `http://${host}` }, true],
    [{ origin: `https://${host}:443` }, true],
    [{ origin: `https://${host}:8443` }, false],
    [{ origin: `https://www.${host}` }, false],
    [{ origin: `https://${host}.evil.example` }, false],
    [{ origin: `ftp://${host}` }, false],
    [{ origin: host }, false],
    [{ origin: 'null' }, false],
    [{ origin: '' }, false],
    [{}, false],
  ])('%j: %s', (headers, expected) => expect(isFromThisSite({ host, ...headers }, false)).toBe(expected));

  it('only by https where the site is', () => {
    expect(isFromThisSite({ host, origin: `http://${host}` }, true)).toBe(false);
    expect(isFromThisSite({ host, origin: `https://${host}` }, true)).toBe(true);
  });

  it('by the port too, the default one or not', () => {
    expect(isFromThisSite({ host: 'localhost:3000', origin: 'http://localhost:3000' }, false)).toBe(true);
    expect(isFromThisSite({ host: 'localhost:3000', origin: 'http://localhost:3001' }, false)).toBe(false);
    expect(isFromThisSite({ host: `${host}:443`, origin: `https://${host}` }, false)).toBe(true);
  });

  it('never without a host', () => {
    expect(isFromThisSite({ origin: `https://${host}` }, false)).toBe(false);
    expect(isFromThisSite({ host: '', origin: `https://${host}` }, false)).toBe(false);
  });
});
