import fc from 'fast-check';
import { cookie, readCookie } from './cookies.ts';

describe('cookies', () => {
  it('go to this host alone, by https alone, unseen by scripts and by requests of other sites', () => {
    expect(cookie('session', 'abc')).toBe('__Host-session=abc; Path=/; HttpOnly; Secure; SameSite=Lax');
    expect(cookie('device', 'abc', 60)).toBe(
      '__Host-device=abc; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
    );
    expect(cookie('session', '', 0)).toContain('__Host-session=; Max-Age=0;');
  });

  it('are read as they were written, whatever stands beside them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a-z=; "]*$/), (value, other) => {
        const [pair = ''] = cookie('session', value).split(';');
        expect(readCookie({ cookie: `${pair}; x=${other}` }, 'session')).toBe(value);
      }),
    );
  });

  it.each([undefined, '', 'session=abc', 'Host-session=abc', '__Host-sessions=abc', '__Secure-session=abc'])(
    'have no other name: %s',
    (header) => {
      const headers = header === undefined ? {} : { cookie: header };
      expect(readCookie(headers, 'session')).toBeUndefined();
    },
  );

  it('take no harm from names of an object', () => {
    expect(readCookie({ cookie: '__proto__=x; constructor=y; __Host-a=b' }, 'a')).toBe('b');
    expect(readCookie({ cookie: '__proto__=x' }, 'toString')).toBeUndefined();
  });
});
