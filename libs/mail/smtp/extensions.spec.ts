import { extensionsOf } from './extensions.ts';

describe('extensionsOf', () => {
  it.each([
    [
      '250-a.example\n250-PIPELINING\n250-SIZE 10240000\n250 DSN',
      { pipelining: true, dsn: true, size: 10240000 },
    ],
    ['250-a.example\r\n250-size\r\n250 pipelining', { pipelining: true, dsn: false, size: 0 }],
    ['250-a.example\n250 SIZE x', { pipelining: false, dsn: false, size: 0 }],
    ['250-PIPELINING\n250 8BITMIME', { pipelining: false, dsn: false }],
    ['250-a.example\n250 XPIPELINING DSN', { pipelining: false, dsn: false }],
    ['250 a.example', { pipelining: false, dsn: false }],
    ['454 TLS not available', { pipelining: false, dsn: false }],
    ['', { pipelining: false, dsn: false }],
  ])('reads %j', (ehlo, extensions) => {
    expect(extensionsOf(ehlo)).toEqual(extensions);
  });
});
