import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { headerAddress, senderHeader, textHeader } from './header.ts';

const asMessage = (header: string): Buffer => Buffer.from(`${header}\r\nMIME-Version: 1.0\r\n\r\nbody\r\n`);
const lineLengths = (header: string): number[] => header.split('\r\n').map((line) => line.length);

/** One line of visible text as a reader gives it back. */
const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 200, size: 'max' })
  .map((text) => `あ${text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')}い`);

describe('headers', () => {
  it('decode to what was meant, in folded lines of at most 76, with words of at most 75', async () => {
    await fc.assert(
      fc.asyncProperty(line, async (text) => {
        const header = textHeader('Subject', text);
        const { subject } = await PostalMime.parse(asMessage(header));
        expect(subject).toBe(text);
        expect((await simpleParser(asMessage(header))).subject).toBe(text);
        expect(Math.max(...lineLengths(header))).toBeLessThanOrEqual(76);
        for (const [word] of header.matchAll(/=\?[^ ]*\?=/g)) expect(word.length).toBeLessThanOrEqual(75);
      }),
    );
  }, 60_000);

  it('cannot be ended or doubled by any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('a\r\nBcc: b@c.jp', 'a\nb', 'a\r\n\r\nb', '=?x?='),
        ),
        async (text) => {
          const header = textHeader('Subject', text);
          expect(header).toMatch(/^Subject: [\x20-\x7e]*(\r\n [\x21-\x7e]+)*$/);
          const { headers } = await PostalMime.parse(asMessage(header));
          expect(headers.map(({ key }) => key)).toEqual(['subject', 'mime-version']);
        },
      ),
    );
  });

  it('have no control character once decoded', () => {
    expect(textHeader('Subject', '着信\r\nBcc: x\u0000')).toBe(textHeader('Subject', '着信 Bcc: x '));
  });

  it('keep rare kanji, emoji and half-width kana', async () => {
    const text = '𠮷野家 髙﨑 ①㈱ ｶﾌﾞｼｷｶﾞｲｼｬ 👨‍👩‍👧‍👦 着信通知（0312345679）';
    const { subject } = await PostalMime.parse(asMessage(textHeader('Subject', text)));
    expect(subject).toBe(text);
  });

  it('leave short plain text as it is, and encode what looks encoded', () => {
    expect(textHeader('Subject', 'FAX 0312345679')).toBe('Subject: FAX 0312345679');
    expect(textHeader('Subject', '=?utf-8?q?x?=')).toMatch(/^Subject: =\?UTF-8\?B\?[A-Za-z0-9+/]+=*\?=$/);
  });

  it('name a sender once, whatever the lengths', async () => {
    const names = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .map((text) => `${text.trim()}電話`);
    await fc.assert(
      fc.asyncProperty(names, fc.stringMatching(/^[a-z]{1,60}$/), async (text, local) => {
        const name = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, '');
        const header = senderHeader('From', name, `${local}@mail.example.jp`);
        const { from } = await PostalMime.parse(asMessage(header));
        expect(from).toEqual({ name, address: `${local}@mail.example.jp` });
        expect(Math.max(...lineLengths(header))).toBeLessThanOrEqual(78);
      }),
    );
  });

  it.each([
    ['a.b@c.jp', 'a.b@c.jp'],
    ['a..b@c.jp', '"a..b"@c.jp'],
    ['a.@docomo.ne.jp', '"a."@docomo.ne.jp'],
    ['.a@ezweb.ne.jp', '".a"@ezweb.ne.jp'],
    [`${'a'.repeat(70)}@c.jp`, `${'a'.repeat(70)}@c.jp`],
  ])('C13: write %s as %s', (address, written) => {
    expect(headerAddress(address)).toBe(written);
  });
});
