import fc from 'fast-check';
import { dotStuff } from './dot-stuff.ts';

const sent = (message: string): string =>
  Buffer.concat(dotStuff(Buffer.from(message, 'latin1'))).toString('latin1');

/** What a server receives (RFC 5321 §4.5.2): the lines up to the lone dot, each without its first dot. */
function received(wire: string): { message: string; rest: string } {
  let message = '';
  let rest = wire;
  for (;;) {
    const end = rest.indexOf('\r\n');
    const line = rest.slice(0, end);
    rest = rest.slice(end + 2);
    if (line === '.') return { message, rest };
    message += `${line.startsWith('.') ? line.slice(1) : line}\r\n`;
  }
}

describe('dotStuff', () => {
  it.each([
    ['a\r\n', 'a\r\n.\r\n'],
    ['a', 'a\r\n.\r\n'],
    ['', '.\r\n'],
    ['.\r\n', '..\r\n.\r\n'],
    ['a\r\n.\r\nQUIT\r\n', 'a\r\n..\r\nQUIT\r\n.\r\n'],
    ['..a\r\n..\r\n.', '...a\r\n...\r\n..\r\n.\r\n'],
    ['a.b\r\nc.\r\n', 'a.b\r\nc.\r\n.\r\n'],
    ['a\n.\nb\r\n', 'a\n..\nb\r\n.\r\n'],
  ])('writes %j as %j', (message, wire) => {
    expect(sent(message)).toBe(wire);
  });

  it.each(['a\r.\rb', 'a\r.\r\nQUIT\r\n'])(
    'lets no %j out, which some servers take for the end',
    (message) => {
      expect(() => sent(message)).toThrow(
        expect.objectContaining({ code: 'SMTP_MAIL_UNFIT', retryable: false }),
      );
    },
  );

  it('does not copy a message without dots at the start of a line', () => {
    const message = Buffer.from('a\r\nb\r\n');
    expect(dotStuff(message)[0]!.buffer).toBe(message.buffer);
    expect(dotStuff(message)).toHaveLength(2);
  });

  it('refuses a bare CR before a dot anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', 'a', '\r', '\n') }), (message) => {
        if (message.includes('\r.')) expect(() => sent(message)).toThrow(/bare|CR alone/);
        else expect(sent(message).replace(/\r?\n?\.\r\n$/, '')).not.toMatch(/(^|\n)\.(?!\.)/);
      }),
    );
  });

  it('is undone by the server, whatever the message', () => {
    const line = fc.string({ unit: fc.constantFrom('.', 'a', ' ', '\u00e9') });
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const message = lines.map((one) => `${one}\r\n`).join('');
        expect(received(sent(message))).toEqual({ message, rest: '' });
      }),
    );
  });
});
