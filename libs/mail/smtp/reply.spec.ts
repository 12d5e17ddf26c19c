import fc from 'fast-check';
import { ReplyParser, showReply, type SmtpReply } from './reply.ts';

function parse(chunks: readonly Buffer[]): { replies: SmtpReply[]; error?: unknown } {
  const parser = new ReplyParser();
  const replies: SmtpReply[] = [];
  try {
    for (const chunk of chunks) parser.push(chunk, (reply) => replies.push(reply));
    return { replies };
  } catch (error) {
    return { replies, error };
  }
}
const parseText = (text: string): ReturnType<typeof parse> => parse([Buffer.from(text)]);

/** Cuts bytes at the places that `cuts` name, in any order. */
function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
}

describe('ReplyParser', () => {
  it.each([
    ['250 Ok\r\n', { code: 250, enhanced: '', text: 'Ok' }],
    ['250 2.1.0 Ok\r\n', { code: 250, enhanced: '2.1.0', text: 'Ok' }],
    ['250\r\n', { code: 250, enhanced: '', text: '' }],
    ['250 \r\n', { code: 250, enhanced: '', text: '' }],
    ['250 Ok\n', { code: 250, enhanced: '', text: 'Ok' }],
    ['550 5.1.1\r\n', { code: 550, enhanced: '5.1.1', text: '' }],
    ['550 5.7.515 Access denied\r\n', { code: 550, enhanced: '5.7.515', text: 'Access denied' }],
    ['550 5.1.1x not a code\r\n', { code: 550, enhanced: '', text: '5.1.1x not a code' }],
    ['550 : User unknown\r\n', { code: 550, enhanced: '', text: ': User unknown' }],
    ['421-4.7.28 Too\r\n421 4.7.28 much\r\n', { code: 421, enhanced: '4.7.28', text: 'Too much' }],
    ['550-first\r\n550 5.7.1 last\r\n', { code: 550, enhanced: '5.7.1', text: 'first last' }],
    ['250-one\r\n550 two\r\n', { code: 550, enhanced: '', text: 'one two' }],
    ['250 a\tb\u0007\u0085c\r\n', { code: 250, enhanced: '', text: 'a b c' }],
    ['550 宛先が不明です\r\n', { code: 550, enhanced: '', text: '宛先が不明です' }],
  ])('reads %j', (text, reply) => {
    expect(parseText(text)).toEqual({ replies: [reply] });
  });

  it.each([
    'hello\r\n',
    '25 Ok\r\n',
    '2500 Ok\r\n',
    '150 Ok\r\n',
    '650 Ok\r\n',
    '250Ok\r\n',
    '250_Ok\r\n',
    ' 250 Ok\r\n',
  ])('refuses %j', (text) => {
    expect(parseText(text)).toMatchObject({ replies: [], error: { code: 'SMTP_PROTOCOL' } });
  });

  it('skips empty lines between and within replies', () => {
    const { replies } = parseText('\r\n250 One\r\n\r\n250-Two\r\n \r\n250 and more\r\n');
    expect(replies.map(({ text }) => text)).toEqual(['One', 'Two and more']);
  });

  it('reports the replies that came before the rubbish', () => {
    expect(parseText('250 Ok\r\nrubbish\r\n')).toMatchObject({
      replies: [{ code: 250 }],
      error: { code: 'SMTP_PROTOCOL' },
    });
  });

  it('waits for the end of a line and of a reply', () => {
    expect(parseText('250 Ok')).toEqual({ replies: [] });
    expect(parseText('250-Ok\r\n')).toEqual({ replies: [] });
  });

  it('does not buffer an endless line or reply', () => {
    const chunk = Buffer.alloc(1000, 'x');
    expect(parse(Array.from({ length: 5 }, () => chunk)).error).toMatchObject({ code: 'SMTP_PROTOCOL' });
    expect(parseText(`250 ${'x'.repeat(5000)}\r\n`).error).toMatchObject({ code: 'SMTP_PROTOCOL' });
    expect(parseText(`250-${'x'.repeat(1000)}\r\n`.repeat(70)).error).toMatchObject({
      code: 'SMTP_PROTOCOL',
    });
    expect(parseText(`250 ${'x'.repeat(1000)}\r\n`.repeat(70)).replies).toHaveLength(70);
  });

  it('parses a repeated line from its cache, but not as part of a longer reply', () => {
    const once = parseText('250 2.1.0 Ok\r\n').replies[0];
    const many = Array.from({ length: 40 }, (_, index) => `250 2.0.0 Queued as ${index}\r\n`).join('');
    const { replies } = parseText(
      `250 2.1.0 Ok\r\n${many}250 2.1.0 Ok\r\n250-2.1.0 First\r\n250 2.1.0 Ok\r\n`,
    );
    expect(replies).toHaveLength(43);
    expect([replies[0], replies[41]]).toEqual([once, once]);
    expect(replies[40]?.text).toBe('Queued as 39');
    expect(replies[42]).toEqual({ code: 250, enhanced: '2.1.0', text: 'First Ok' });
  });

  it('gives the same replies however the bytes are split', () => {
    const line = fc.oneof(
      fc.tuple(
        fc.integer({ min: 200, max: 599 }),
        fc.constantFrom(' ', '-'),
        fc.string({ unit: 'grapheme' }),
      ),
      fc.tuple(fc.constant(250), fc.constant(' '), fc.constantFrom('2.0.0 Ok', '', '日本語')),
    );
    const text = fc
      .array(line)
      .map((lines) =>
        lines.map(([code, more, rest]) => `${code}${more}${rest.replace(/[\r\n]/g, '')}\r\n`).join(''),
      );
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), fc.array(fc.nat()), (whole, cuts) => {
        const bytes = Buffer.from(whole);
        expect(parse(cut(bytes, cuts))).toEqual(parse([bytes]));
      }),
    );
  });
});

describe('showReply', () => {
  it('shows code, enhanced code and the whole text', () => {
    expect(showReply({ code: 550, enhanced: '5.1.1', text: 'User unknown' })).toBe('550 5.1.1 User unknown');
    expect(showReply({ code: 250, enhanced: '', text: '' })).toBe('250');
    expect(showReply({ code: 250, enhanced: '', text: 'x'.repeat(9000) })).toHaveLength(9004);
  });
});
