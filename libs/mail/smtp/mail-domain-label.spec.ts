import fc from 'fast-check';
import { MAIL_DOMAIN_LABELS, mailDomainLabel } from './mail-domain-label.ts';

describe('mailDomainLabel', () => {
  it.each([
    ['a@docomo.ne.jp', 'docomo.ne.jp'],
    ['A@DoCoMo.NE.jp', 'docomo.ne.jp'],
    ['a@ezweb.ne.jp', 'ezweb.ne.jp'],
    ['a@i.softbank.jp', 'i.softbank.jp'],
    ['a@example.jp', 'other'],
    ['a@notdocomo.ne.jp', 'other'],
    ['docomo.ne.jp@example.jp', 'other'],
    ['a@constructor', 'other'],
    ['', 'other'],
  ])('of %s is %s', (address, label) => {
    expect(mailDomainLabel(address)).toBe(label);
  });

  it('is one of a closed list for any address', () => {
    fc.assert(
      fc.property(fc.string(), (text) => expect(MAIL_DOMAIN_LABELS).toContain(mailDomainLabel(text))),
    );
  });
});
