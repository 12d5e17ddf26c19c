import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { open, openSecret, seal, type SealKey } from './seal.ts';
import type { AccessMailEvent } from './kinds/access-mail.ts';

const newest: SealKey = { id: 'k2', key: randomBytes(32) };
const older: SealKey = { id: 'k_1-x', key: randomBytes(32) };
const secrets = fc.oneof(
  fc.stringMatching(/^[0-9A-Za-z-]{1,32}$/).map((code) => ({ code })),
  fc.webUrl({ validSchemes: ['https'], withQueryParameters: true }).map((link) => ({ link })),
);

describe('seal and open (O5)', () => {
  it('opens what was sealed, by the first key or an older one', () => {
    fc.assert(
      fc.property(secrets, fc.string({ minLength: 1 }), fc.constantFrom(newest, older), (secret, id, key) => {
        expect(open(seal(secret, id, [key]), id, [newest, older])).toEqual({ ok: true, secret });
      }),
    );
  });

  it('has the form v1.<key id>.<iv>.<ciphertext>.<tag>, differs each time and shows nothing of the secret', () => {
    const sealed = seal({ code: '48151623' }, 'e1', [newest, older]);
    expect(sealed).toMatch(/^v1\.k2\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(seal({ code: '48151623' }, 'e1', [newest])).not.toBe(sealed);
    const bytes = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect(bytes.join()).not.toContain('48151623');
  });

  it('stays shut for another event', () => {
    expect(open(seal({ code: '1' }, 'e1', [newest]), 'e2', [newest])).toEqual({
      ok: false,
      problem: 'not-authentic',
    });
  });

  it('stays shut without its key, and with another key of that name', () => {
    const sealed = seal({ code: '1' }, 'e1', [newest]);
    expect(open(sealed, 'e1', [older])).toEqual({ ok: false, problem: 'unknown-key' });
    const impostor = { id: 'k2', key: randomBytes(32) };
    expect(open(sealed, 'e1', [impostor])).toEqual({ ok: false, problem: 'not-authentic' });
    const short = { id: 'k2', key: randomBytes(5) };
    expect(open(sealed, 'e1', [short])).toEqual({ ok: false, problem: 'not-authentic' });
  });

  it('stays shut when any bit of iv, ciphertext or tag is turned', () => {
    const parts = seal({ code: '246810' }, 'e1', [newest]).split('.');
    for (const place of [2, 3, 4]) {
      const length = Buffer.from(parts[place]!, 'base64url').length;
      for (let bit = 0; bit < length * 8; bit++) {
        const bytes = Buffer.from(parts[place]!, 'base64url');
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        const turned = parts.with(place, bytes.toString('base64url')).join('.');
        expect(open(turned, 'e1', [newest])).toEqual({ ok: false, problem: 'not-authentic' });
      }
    }
  });

  it.each([
    'http://localhost:8080/registration?token=a',
    'http://127.0.0.1:80/registration',
    'http://127.1.2.3',
    'http://[::1]:8080/',
  ])('takes a link to this machine without TLS, for trying out: %s', (link) => {
    expect(open(seal({ link }, 'e1', [newest]), 'e1', [newest])).toEqual({ ok: true, secret: { link } });
  });

  it.each([
    ['neither code nor link', {}],
    ['both', { code: '1', link: 'https://a.example/' }],
    ['an empty code', { code: '' }],
    ['a code of two lines', { code: '1\r\n2' }],
    ['a code that is markup', { code: '<b>1</b>' }],
    ['a code that is too long to type', { code: '1'.repeat(33) }],
    ['a script for a link', { link: 'javascript:alert(1)' }],
    ['a link that anybody on the way can read', { link: 'http://hikari.example/r?t=1' }],
    ['a link to a name like this machine', { link: 'http://localhost.example/' }],
    ['a link to an address like this machine', { link: 'http://127.0.0.1.example/' }],
    ['a link to another machine nearby', { link: 'http://192.168.0.1/' }],
    ['a link to this machine under an address of another form', { link: 'http://2130706433/' }],
    ['a link to no address of this machine', { link: 'http://127.0.0.256/' }],
    ['a link that shows this machine', { link: 'http://127.0.0.1@evil.example/' }],
    ['a link whose port shows this machine', { link: 'http://127.0.0.1:80@evil.example/' }],
    ['a link that hides its host', { link: 'http://localhost\\@evil.example/' }],
    ['a link that shows another site', { link: 'https://hikari.example@evil.example/' }],
    ['a link to nowhere', { link: 'https://' }],
    ['a link to no host', { link: 'https://[1]/' }],
    ['a link that is too long', { link: `https://hikari.example/${'a'.repeat(2_000)}` }],
    ['a number', 5],
  ])('takes %s for no secret', (_, plaintext) => {
    expect(open(seal(plaintext as never, 'e1', [newest]), 'e1', [newest])).toEqual({
      ok: false,
      problem: 'not-a-secret',
    });
  });

  it('never throws, whatever it is to open, and opens none of it', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.tuple(fc.string(), fc.string(), fc.string()).map(([a, b, c]) => `v1.k2.${a}.${b}.${c}`),
      fc
        .tuple(fc.uint8Array({ minLength: 12, maxLength: 12 }), fc.uint8Array({ minLength: 1 }))
        .map(([iv, rest]) => {
          const [start, body] = [iv, rest].map((bytes) => Buffer.from(bytes).toString('base64url'));
          return `v1.k2.${start}.${body}.${'A'.repeat(22)}`;
        }),
    );
    fc.assert(
      fc.property(anything, fc.string(), (sealed, id) => {
        expect(open(sealed, id, [newest]).ok).toBe(false);
      }),
    );
  });
});

describe('openSecret (O5)', () => {
  const event = {
    source: 's',
    id: 'e1',
    at: 0,
    number: '0312345678',
    brand: 'ntt-east',
    recipient: 'a@b.jp',
  };
  const mail = (kind: AccessMailEvent['kind'], sealed?: string): AccessMailEvent =>
    sealed === undefined ? { ...event, kind } : { ...event, kind, sealed };
  const link = { link: 'https://hikari.example/register?t=1' };

  it('opens the code of a code mail and the link of a registration', () => {
    const code = seal({ code: '123456' }, 'e1', [newest]);
    expect(openSecret(mail('one-time-password', code), [newest])).toEqual({
      ok: true,
      secret: { code: '123456' },
    });
    const registration = mail('address-registration', seal(link, 'e1', [newest]));
    expect(openSecret(registration, [newest])).toEqual({ ok: true, secret: link });
  });

  it('does not take a link for a code: a mail with a code has no link', () => {
    const twoStep = mail('two-step-code', seal(link, 'e1', [newest]));
    expect(openSecret(twoStep, [newest])).toEqual({ ok: false, problem: 'not-a-secret' });
  });

  it('V4 takes no password of an IP phone for the secret of a mail', () => {
    const password = { password: 'Ab123456' };
    const sealed = seal(password, 'e1', [newest]);
    expect(open(sealed, 'e1', [newest])).toEqual({ ok: true, secret: password });
    const refused = { ok: false, problem: 'not-a-secret' };
    expect(openSecret(mail('one-time-password', sealed), [newest])).toEqual(refused);
    expect(openSecret(mail('address-registration', sealed), [newest])).toEqual(refused);
  });

  it('has nothing to open for a kind without a secret', () => {
    expect(openSecret(mail('account-locked'), [newest])).toEqual({ ok: true });
  });
});
