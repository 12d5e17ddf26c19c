import fc from 'fast-check';
import type { AccessMailEvent } from '#events';
import type { MailContent } from '../mail.ts';
import type { SendResult } from './mail-sender.ts';
import { showReply } from './reply.ts';
import { urlsToHosts, withoutQuotedSecret, withoutSecret } from './without-secret.ts';

const TOKEN = 'Zk3vQ0xJ7dPq2mTnYw8sLA';
const LINK = `https://www.hikari.ntt-east.net/registration?token=${TOKEN}`;
const code = { code: '48151623' };
const link = { link: LINK };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const words = fc.stringMatching(/^[a-z ,.:;]{0,20}$/);
const separator = fc.constantFrom('', '', ' ', '-', '.', ' - ', '=', '/', '\u3000');

/** A secret as a server may quote it: spaced out, in other capitals. */
const disguised = (secret: string): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(separator, fc.boolean()), { minLength: secret.length, maxLength: secret.length })
    .map((spacing) =>
      spacing
        .map(([before, isUpper], at) => {
          const letter = secret.charAt(at);
          return before + (isUpper ? letter.toUpperCase() : letter);
        })
        .join(''),
    );

/** Every sequence of eight letters or digits that both texts contain. */
function shared(text: string, secret: string): string[] {
  const plain = (some: string): string => some.replace(/[^a-z0-9]/gi, '').toLowerCase();
  const [all, own] = [plain(text), plain(secret)];
  return Array.from({ length: own.length - 7 }, (_, at) => own.slice(at, at + 8)).filter((part) =>
    all.includes(part),
  );
}

describe('withoutQuotedSecret (O5)', () => {
  it.each([
    ['a link', link, `550 5.7.1 blocked: ${LINK}`, '550 5.7.1 blocked: https://www.hikari.ntt-east.net/***'],
    [
      'a link in brackets',
      link,
      `554 <${LINK}> is listed`,
      '554 <https://www.hikari.ntt-east.net/***> is listed',
    ],
    ['its token', link, `450 4.7.0 looks like ${TOKEN}, wait`, '450 4.7.0 looks like ***, wait'],
    ['a part of its token', link, `450 saw "${TOKEN.slice(5, 13)}"`, '450 saw "***"'],
    ['a broken token', link, `450 ${TOKEN.slice(0, 9)} ${TOKEN.slice(9)} seen`, '450 *** seen'],
    ['a link without its scheme', link, `550 ${LINK.slice(8)}`, '550 www.hikari.ntt-east.net/***'],
    ['a code', code, '550 5.7.1 your code 48151623 is spam', '550 5.7.1 your code *** is spam'],
    ['a spaced code', code, '550 4815 1623, 48-15-16-23', '550 ***, ***'],
    ['a code in full width', code, '550 コード：４８１５１６２３です', '550 コード:***です'],
    ['a link in full width', link, '550 ｔｏｋｅｎ＝Ｚｋ３ｖＱ０ｘＪ７ｄＰｑ２ seen', '550 *** seen'],
    [
      'a percent-encoded link',
      link,
      `550 u=${encodeURIComponent(LINK)}`,
      '550 u=https%3A%2F%2Fwww.hikari.ntt-east.net%***',
    ],
    ['nothing in full width', code, '550 ＮＯ １２３４', '550 ＮＯ １２３４'],
    ['a code in a word', code, '550 X48151623Y', '550 ***'],
    ['a code as the reply’s own', { code: '550571' }, '550 5.7.1 no', '550 5.7.1 no'],
    ['nothing', code, '250 2.0.0 Ok: queued as 4c1d', '250 2.0.0 Ok: queued as 4c1d'],
    ['another URL', code, '550 see https://a.example/?p=1 now', '550 see https://a.example/*** now'],
    ['a host alone', code, '550 see https://a.example now', '550 see https://a.example now'],
  ])('cuts %s', (_what, secret, reply, expected) => {
    expect(withoutQuotedSecret(reply, secret)).toBe(expected);
  });

  it.each([0, 1, 2, 3, 4, 5])('cuts a secret in base64 at an offset of %i bytes', (before) => {
    for (const [secret, text] of [
      [code, code.code],
      [link, LINK],
    ] as const) {
      const quoted = base64(`${'.'.repeat(before)}${text} and more`);
      expect(withoutQuotedSecret(`550 bad line ${quoted}`, secret)).not.toContain(quoted.slice(8, 14));
    }
  });

  it('leaves no eight letters of a link in a row, and no code, however it is written', () => {
    fc.assert(
      fc.property(words, disguised(LINK), disguised(code.code), words, (before, oneLink, oneCode, after) => {
        const reply = `550 5.7.1 ${before} ${oneLink} ${after} ${oneCode}`;
        const behindHost = LINK.slice(LINK.indexOf('/registration'));
        expect(shared(withoutQuotedSecret(reply, link), behindHost)).toEqual([]);
        expect(shared(withoutQuotedSecret(reply, code), code.code)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves nothing of a secret that is joined by cutting', () => {
    const around = `${TOKEN.slice(0, 4)} ${TOKEN} ${TOKEN.slice(4, 8)}`;
    expect(shared(withoutQuotedSecret(`550 ${around}`, link), TOKEN)).toEqual([]);
  });

  it('handles the longest reply quickly, whatever its content', () => {
    const nested = (depth: number): string => '4815'.repeat(depth) + code.code + '1623'.repeat(depth);
    for (const text of [
      `${code.code}x`,
      `${code.code} x`,
      '4815 '.repeat(30) + '1623 '.repeat(30),
      nested(500),
    ]) {
      const reply = `550 ${text.repeat(Math.ceil(65_000 / text.length))}`;
      expect(shared(withoutQuotedSecret(reply, code), code.code)).toEqual([]);
    }
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(fc.string(), disguised(TOKEN), (text, token) => {
        const once = withoutQuotedSecret(`${text}${token}`, link);
        expect(withoutQuotedSecret(once, link)).toBe(once);
      }),
    );
  });

  it('cuts each URL to its host', () => {
    expect(urlsToHosts('a http://b.example:8080/c?d#e HTTPS://F.example?g')).toBe(
      'a http://b.example:8080/*** HTTPS://F.example/***',
    );
  });
});

const secret = { code: '24681357' };
const event: AccessMailEvent = {
  kind: 'one-time-password',
  id: 'e-1',
  source: 'site',
  at: 0,
  number: '0312345678',
  brand: 'ntt-east',
  recipient: 'a@example.jp',
};
const withCode: MailContent = { event, secret };

function later(text: string): SendResult {
  return { kind: 'later', response: showReply({ code: 450, enhanced: '', text }), code: '450' };
}

describe('withoutSecret', () => {
  it('O5 leaves no part of a code, wherever the response is cut', () => {
    for (let before = 470; before < 520; before += 1) {
      const result = withoutSecret(later(`${'x'.repeat(before)} 24681357 is spam`), withCode);
      expect(JSON.stringify(result)).not.toMatch(/2468|1357/);
    }
  });

  it('cuts the response to 500 characters, with or without a secret', () => {
    for (const content of [withCode, { event }]) {
      const result = withoutSecret(later('x '.repeat(9_000)), content);
      expect(result).toMatchObject({ response: expect.stringMatching(/^450 [x ]{496}…$/) as string });
    }
  });
});
