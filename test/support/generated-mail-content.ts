import fc from 'fast-check';
import type { MailContent, MailKind } from '#mail';

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''));
const national = fc.oneof(digits(9), digits(10)).map((rest) => `0${rest}`);
const abroad = fc
  .tuple(fc.integer({ min: 1, max: 9 }), digits(10))
  .map(([first, rest]) => `+${first}${rest}`);
const party = fc.oneof(
  fc.record({ number: fc.oneof(national, abroad) }),
  fc.record({ withheld: fc.constantFrom('P' as const, 'C' as const, 'O' as const, 'S' as const) }),
);
const time = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2037, 0, 1) });

/** Texts that somebody may type, paste or try. */
export const HOSTILE_TEXTS = [
  'x\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>',
  '\r\n.\r\nMAIL FROM:<evil@example.com>\r\n',
  '{{siteUrl}}{{#each footer}}{{this}}{{/each}}{{{subject}}}',
  '<b>太字</b>"><img src=x onerror=alert(1)><a href="https://evil.example">',
  `' onmouseover='alert(1)`,
  '=?UTF-8?B?44GC?=, evil@example.com',
  '𠮷野家 髙﨑ｶﾌﾞｼｷｶﾞｲｼｬ👨‍👩‍👧‍👦①㈱',
  '\u202egnp.exe\u2028\u2029\u0000\u0007\ud800',
  '漢'.repeat(10_000),
  '👨‍👩‍👧‍👦'.repeat(2_000),
  `e${'\u0301'.repeat(10_000)}`,
  '&amp;&lt;&#39;',
] as const;

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(...HOSTILE_TEXTS),
);

const base = { source: fc.string({ unit: 'binary', minLength: 1 }), id: hostile, at: time };
const call = fc.record({
  ...base,
  lineNumber: national,
  calledNumber: national,
  caller: party,
  ringSeconds: fc.nat(9_999),
  outcome: fc.constantFrom('answered', 'unanswered', 'busy', 'forwarded', 'abandoned'),
});
const fax = fc.record({
  ...base,
  lineNumber: national,
  calledNumber: national,
  sender: party,
  pages: fc.nat(9_999),
  complete: fc.boolean(),
  documentId: hostile,
});
const fault = fc.record(
  {
    ...base,
    lineNumber: national,
    faultId: hostile,
    numbers: fc.array(national, { minLength: 1, maxLength: 150 }),
  },
  { requiredKeys: ['source', 'id', 'at', 'lineNumber', 'faultId'] },
);
const access = { ...base, number: national, brand: hostile, recipient: hostile, expiresAt: time };
const code = fc.stringMatching(/^[0-9A-Za-z]{4,12}$/);
const token = fc.stringMatching(/^[\w~-]{1,80}(&x=[\w%]{1,9})?$/);

/** An event of a kind. */
const of = <K extends MailKind, T extends object>(kind: K, event: fc.Arbitrary<T>) =>
  event.map((fields) => ({ kind, ...fields }));

const faultTexts = { contractorName: hostile, location: hostile };
const coded = (kind: 'one-time-password' | 'two-step-code') =>
  fc.record({ event: of(kind, fc.record(access)), secret: fc.record({ code }) });
const plain = (kind: MailKind) => fc.record({ event: of(kind, fc.record(access)) });

/** Arbitrary content for mails of each kind: anything its event may hold and a person may type. */
export const CONTENTS = {
  call: fc.record({ event: of('call', call) }),
  fax: fc.record({ event: of('fax', fax) }),
  fault: fc.record({ event: of('fault', fault), ...faultTexts }),
  recovery: fc.record(
    { event: of('recovery', fault), ...faultTexts, tellsFaultAt: time },
    { requiredKeys: ['event', 'contractorName', 'location'] },
  ),
  'one-time-password': coded('one-time-password'),
  'two-step-code': coded('two-step-code'),
  'address-registration': fc.record({
    event: of('address-registration', fc.record(access)),
    secret: fc.record({ link: token.map((value) => `https://www.hikari.ntt-east.net/r?token=${value}`) }),
  }),
  'password-changed': plain('password-changed'),
  'address-changed': plain('address-changed'),
  'account-locked': plain('account-locked'),
  test: plain('test'),
} as unknown as Readonly<Record<MailKind, fc.Arbitrary<MailContent>>>;

const local = fc.stringMatching(/^[0-9A-Za-z_!$%'*+/?^#-][0-9A-Za-z_!$%'*+/?^#.-]{0,70}$/);
const domain = fc.stringMatching(/^[a-z0-9]{1,20}(-[a-z0-9]{1,5})?(\.[a-z]{2,9}){1,3}$/);
/** An address that may be stored (C13). */
export const RECIPIENT = fc.tuple(local, domain).map(([name, host]) => `${name}@${host}`);
