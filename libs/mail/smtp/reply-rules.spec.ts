import { classify } from './classify.ts';
import type { MailDomainLabel } from './mail-domain-label.ts';
import type { ReplyContext, ReplyMeaning, Stage } from './reply-meaning.ts';
import { REPLY_RULES } from './reply-rules.ts';
import { ReplyParser, type SmtpReply } from './reply.ts';

function reply(line: string): SmtpReply {
  let read: SmtpReply | undefined;
  new ReplyParser().push(Buffer.from(`${line}\r\n`), (one) => (read = one));
  return read!;
}

type Class = 'accepted' | 'later' | 'unavailable' | 'address' | 'filtered' | 'ours';

/** Real replies, or the standard's own words, and what the row says about them. */
const EXAMPLES: readonly (readonly [MailDomainLabel, string, Class, RegExp])[] = [
  ['docomo.ne.jp', '552 too much mail data', 'later', /mailbox is full/],
  ['docomo.ne.jp', '552 Too much mail data a@docomo.ne.jp', 'later', /mailbox is full/],
  ['docomo.ne.jp', '552 too many recipients', 'ours', /More than one recipient/],
  ['docomo.ne.jp', '554 Too many recipients', 'ours', /More than 100/],
  ['docomo.ne.jp', '500 Line Too Long', 'ours', /1,000 bytes/],
  ['docomo.ne.jp', '550 Unknown user a@docomo.ne.jp', 'address', /filter refuses us/],
  ['au.com', '550 : User unknown', 'filtered', /the address lives/],
  ['ezweb.ne.jp', '550 : User unknown', 'filtered', /the address lives/],
  ['ezweb.ne.jp', '550 <a@ezweb.ne.jp>: User unknown', 'address', /or it refuses us/],
  ['au.com', '550 5.1.1 <a@au.com>: User unknown', 'address', /or it refuses us/],
  ['softbank.ne.jp', '550 Invalid recipient: <a@softbank.ne.jp>', 'address', /no such address/],
  ['i.softbank.jp', '550 Invalid recipient: <a@i.softbank.jp>', 'address', /no such address/],
  ['i.softbank.jp', '553 b.example.jp does not exist', 'ours', /DNS record/],
  [
    'yahoo.co.jp',
    "554 delivery error: dd This user doesn't have a yahoo.co.jp account (a@yahoo.co.jp) [-5]",
    'address',
    /any more/,
  ],
  [
    'yahoo.co.jp',
    '554 delivery error: dd Sorry, your message cannot be delivered. This account is over quota.',
    'later',
    /full/,
  ],
  ['yahoo.co.jp', '554 5.7.9 Message not accepted for policy reasons.', 'filtered', /complaints/],
  ['yahoo.co.jp', '451 VS1-IP Excessive unknown recipients', 'later', /for now/],
  [
    'icloud.com',
    "554 5.7.1 Your message was rejected due to b.example.jp's DMARC policy.",
    'ours',
    /SPF, DKIM or DMARC/,
  ],
  ['icloud.com', '550 5.7.1 [CS01] Message rejected due to local policy.', 'filtered', /Apple/],
  ['icloud.com', '552 5.2.2 <a@icloud.com>: user is over quota', 'later', /full/],
  ['icloud.com', '550 5.1.1 <a@icloud.com>: inactive email address', 'address', /no such address/],
  ['gmail.com', '450 4.7.28 Gmail has detected an unusual rate of mail', 'later', /10 minutes/],
  ['gmail.com', '550 5.7.1 likely unsolicited mail', 'filtered', /Postmaster Tools/],
  ['gmail.com', '550 5.7.26 Unauthenticated email is not accepted', 'ours', /Mend DNS/],
  ['gmail.com', "452 4.2.2 The recipient's inbox is out of storage space.", 'later', /for now/],
  ['outlook.com', '550 5.7.515 Access denied', 'ours', /Mend DNS/],
  ['other', '250 2.0.0 Ok: queued as 1', 'accepted', /took/],
  ['other', '251 User not local; will forward', 'accepted', /took/],
  ['other', '530 5.7.0 Must issue a STARTTLS command first', 'unavailable', /SMTP_URL/],
  ['other', '535 5.7.8 Authentication credentials invalid', 'unavailable', /SMTP_URL/],
  ['other', '450 4.2.0 Greylisted', 'later', /for now/],
  ['other', '452 4.3.1 Insufficient system storage', 'later', /for now/],
  ['other', '554 5.7.1 <a@x.jp>: Relay access denied', 'later', /access list/],
  ['other', '550 relaying denied for <a@x.jp>', 'later', /access list/],
  ['other', '552 5.2.2 Over quota', 'later', /emptied/],
  ['other', '552 Mailbox is full', 'later', /emptied/],
  ['other', '550 メールボックスの容量を超えています', 'later', /emptied/],
  ['other', '553 5.1.7 Bad sender', 'later', /Look at the brand/],
  ['other', '550 5.1.8 Sender domain', 'later', /Look at the brand/],
  ['other', '550 5.1.1 No', 'address', /or domain/],
  ['other', '550 5.2.1 Disabled', 'address', /disabled/],
  ['other', '552 5.2.3 Big', 'ours', /too big for the receiver/],
  ['other', '552 5.3.4 Big', 'ours', /too big for the receiver/],
  ['other', '554 Message too large', 'ours', /too big for the receiver/],
  ['other', '550 DKIM signature did not verify', 'ours', /Mend DNS/],
  ['other', '550 5.7.1 No', 'filtered', /rules refuse/],
  ['other', '554 Blocked by our spam filter', 'filtered', /rules refuse/],
  ['other', '554 no such user here', 'address', /^There is no such address\.$/],
  ['docomo.ne.jp', '554 unknown user', 'address', /^There is no such address\.$/],
  ['other', '550 : User unknown', 'address', /^There is no such address\.$/],
  ['other', '501 Error: Bad recipient address syntax', 'address', /C13/],
  ['other', '500 5.5.2 Syntax error', 'ours', /understand/],
  ['other', '550 Requested action not taken', 'address', /not available/],
  ['other', '551 Elsewhere', 'address', /elsewhere/],
  ['other', '552 Exceeded', 'ours', /too big \(/],
  ['other', '552 too much mail data', 'ours', /too big \(/],
  ['other', '553 Name', 'address', /name is not allowed/],
  ['other', '521 Host does not accept mail', 'address', /host accepts no mail/],
  ['other', '556 Domain does not accept mail', 'address', /domain accepts no mail/],
  ['other', '554 5.5.0 Whatever', 'filtered', /without a known reason/],
  ['other', '599', 'filtered', /without a known reason/],
];

/** A reply to RCPT, as most are. */
function asked(domain: MailDomainLabel, stage: Stage = 'rcpt'): ReplyContext {
  return { stage, from: 'bounce+t@b.example.jp', to: `a@${domain === 'other' ? 'x.jp' : domain}` };
}

/** Only MAIL can make a server unusable. */
function stageOf(expected: Class): Stage {
  return expected === 'unavailable' ? 'mail' : 'rcpt';
}

describe('classify', () => {
  it.each(EXAMPLES)('classifies for %s: %s → %s', (domain, line, expected, means) => {
    const rule = classify(reply(line), asked(domain, stageOf(expected)));
    const { class: found } = rule;
    expect(found.kind === 'never' ? found.cause : found.kind).toBe(expected);
    expect(rule.means).toMatch(means);
  });

  it('has an example for every row of the table', () => {
    const used = new Set<ReplyMeaning>(
      EXAMPLES.map(([domain, line, expected]) => classify(reply(line), asked(domain, stageOf(expected)))),
    );
    expect(REPLY_RULES.filter((rule) => !used.has(rule))).toEqual([]);
  });

  it('reports a reply that neither accepts nor refuses', () => {
    expect(classify(reply('354 Go on'), asked('other'))).toMatchObject({
      class: { kind: 'later' },
      means: expect.stringMatching(/not a valid SMTP reply/),
    });
  });

  it('classifies every code, and never blames the address for one below 500', () => {
    const kindOf = (code: number, stage: Stage): string =>
      classify({ code, enhanced: '', text: '' }, asked('other', stage)).class.kind;
    const kinds = (from: number, stage: Stage = 'rcpt'): string[] => [
      ...new Set(Array.from({ length: 100 }, (_, index) => kindOf(from + index, stage))),
    ];
    expect(kinds(200)).toEqual(['accepted']);
    expect(kinds(300)).toEqual(['later']);
    expect(kinds(400)).toEqual(['later']);
    expect(kinds(500).toSorted()).toEqual(['later', 'never']);
    expect(kinds(500, 'dot').toSorted()).toEqual(['later', 'never']);
    expect(kinds(500, 'mail').toSorted()).toEqual(['later', 'unavailable']);
  });
});
