import fc from 'fast-check';
import { envelopeCommands, pathOf } from './envelope.ts';

const mail = {
  from: 'bounce+t@b.example.jp',
  to: 'a@docomo.ne.jp',
  messageId: '<1@x.jp>',
  message: Buffer.alloc(7),
};
const PLAIN = { pipelining: false, dsn: false };

describe('pathOf', () => {
  it.each([
    ['a@docomo.ne.jp', 'a@docomo.ne.jp'],
    ["a.b+c_d-e!#$%&'*/=?^`{|}~@x.jp", "a.b+c_d-e!#$%&'*/=?^`{|}~@x.jp"],
    ['ab..cd.@docomo.ne.jp', '"ab..cd."@docomo.ne.jp'],
    ['.ab@docomo.ne.jp', '".ab"@docomo.ne.jp'],
    ['ab.@ezweb.ne.jp', '"ab."@ezweb.ne.jp'],
    ['a@localhost', 'a@localhost'],
  ])('C13 writes %s as %s', (address, path) => {
    expect(pathOf(address, 'recipient')).toBe(path);
  });

  it.each([
    '',
    '@',
    'a',
    'a@',
    '@x.jp',
    'a@b@x.jp',
    'a b@x.jp',
    'a@x.jp ',
    'a@x.jp\r\nRCPT TO:<evil@x.jp>',
    'a@x.jp\n',
    '\ra@x.jp',
    'a@x.jp> SIZE=1',
    '<a@x.jp',
    'a@x.jp,b@x.jp',
    'a;b@x.jp',
    '"a"@x.jp',
    'a\\@x.jp',
    'a@x..jp',
    'a@.jp',
    'a@[127.0.0.1]',
    'あ@x.jp',
    'a@日本.jp',
    'a\u0000@x.jp',
    'a\u0085@x.jp',
    `${'a'.repeat(250)}@x.jp`,
  ])('refuses %j', (address) => {
    for (const role of ['sender', 'recipient'] as const) {
      expect(() => pathOf(address, role)).toThrow(
        expect.objectContaining({ code: 'SMTP_MAIL_UNFIT', retryable: false }),
      );
    }
  });

  it('does not name the address in its error', () => {
    expect(() => pathOf('secret person@x.jp', 'recipient')).toThrow(/^(?!.*secret)/);
  });

  it('returns one word without brackets and line ends, or throws', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('a', '.', '@', ' ', '\r', '\n', '<', '>', '"', '\\', ',', '\0', 'é'),
    });
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string()), (address) => {
        let path: string;
        try {
          path = pathOf(address, 'recipient');
        } catch {
          return;
        }
        expect(path).toMatch(/^[!-;=?-~]+$/);
        expect(path.split('@')).toHaveLength(2);
      }),
    );
  });
});

describe('envelopeCommands', () => {
  it('uses only parameters that the server announced', () => {
    expect(envelopeCommands(mail, PLAIN)).toEqual({
      mail: 'MAIL FROM:<bounce+t@b.example.jp>\r\n',
      rcpt: 'RCPT TO:<a@docomo.ne.jp>\r\n',
    });
    expect(envelopeCommands(mail, { ...PLAIN, size: 0, dsn: true })).toEqual({
      mail: 'MAIL FROM:<bounce+t@b.example.jp> SIZE=7 RET=HDRS ENVID=1@x.jp\r\n',
      rcpt: 'RCPT TO:<a@docomo.ne.jp> NOTIFY=FAILURE,DELAY\r\n',
    });
  });

  it('writes the envelope id as xtext (RFC 3461 §4), and none that is too long', () => {
    const dsn = { ...PLAIN, dsn: true };
    expect(envelopeCommands({ ...mail, messageId: '<a+b=c d\r\n@x>' }, dsn).mail).toContain(
      ' ENVID=a+2Bb+3Dc+20d+0D+0A@x\r\n',
    );
    expect(envelopeCommands({ ...mail, messageId: `<${'a'.repeat(101)}>` }, dsn).mail).not.toContain('ENVID');
    expect(envelopeCommands({ ...mail, messageId: '' }, dsn).mail).not.toContain('ENVID');
  });
});
