import type { AnswerRule, RelayRefusal } from './answer-rule.ts';

/** RFC 3463's X.1.X and X.2.X speak of an address or a mailbox. */
const NOT_OF_MAILBOX = /^(?!5\.[12]\.)/;
/** Words that name the recipient or the message: what a limit or a delay in the same reply is about. */
const OF_MAIL = String.raw`recipient|mailbox|inbox|user unknown|unknown user|no such|not exist|storage|\bsize\b|too (?:big|large|long)`;
const OF_DOMAIN_POLICY = String.raw`\b(?:spf|dkim|dmarc)\b`;

/** `pattern` in a text that nowhere has `unless`. */
function butNot(unless: string, pattern: RegExp): RegExp {
  return new RegExp(`^(?!.*(?:${unless})).*(?:${pattern.source})`, 'i');
}

const refused = (by: RelayRefusal): AnswerRule['verdict'] => ({ kind: 'later', refusedUs: by });
const MEANS: Readonly<Record<RelayRefusal, string>> = {
  login: 'The relay wants a login. Look at SMTP_URL; the mails wait until their deadline.',
  access: 'The relay does not let us send. Mend its access list; the mails wait until their deadline.',
  limit: 'Our quota or rate at the relay is spent. The mails wait until their deadline.',
  name: 'The relay refuses the name that we greet it by. Look at SMTP_CLIENT_NAME.',
};

function row(by: RelayRefusal, code: RegExp, rest: Pick<AnswerRule, 'enhanced' | 'text'>): AnswerRule {
  return { code, ...rest, verdict: refused(by), means: MEANS[by] };
}

/**
 * Refusals of us, not of the recipient or the mail: the enhanced status code decides where it can, the wording of the
 * common servers where it cannot. They are 5xx, but everybody's mail would be bounced by one wrong setting.
 */
export const RELAY_REFUSAL_RULES: readonly AnswerRule[] = [
  // Gmail's daily limit; Exchange Online's limits of a mailbox and a tenant.
  row('limit', /^5/, { enhanced: /^5\.(?:4\.5|1\.90|7\.(?:23[23]|705|750))$/ }),
  row('limit', /^5/, { text: /submissionquotaexceeded/i }),
  // Exchange: not authenticated, may not send as this sender, no relay, traffic not accepted.
  row('login', /^5/, { enhanced: /^5\.7\.57$/ }),
  row('access', /^5/, { enhanced: /^5\.7\.(?:54|60|64|367|70[89])$/ }),
  row('name', /^5/, {
    enhanced: NOT_OF_MAILBOX,
    text: butNot(OF_MAIL, /\b(?:helo|ehlo)\b|fully.?qualified host/),
  }),
  row('login', /^5[05]/, {
    enhanced: NOT_OF_MAILBOX,
    text: butNot(
      OF_DOMAIN_POLICY,
      /(?:smtp )?auth(?:entication|orization)?\b.{0,30}\b(?:required|needed)|\b(?:requires?|needs?|must|without|turn on|enable|use)\b.{0,40}\b(?:smtp.?auth|authenticat)|not (?:logged in|authenticated)|unauthenticated senders|log ?in first|pop.?before.?smtp|check for new mail first|invalid credentials/,
    ),
  }),
  row('access', /^55/, {
    text: /relay(?:ing)?.{0,20}(?:denied|not (?:allowed|permitted)|prohibited)|(?:denied|unable|not (?:permitted|allowed|authori[sz]ed)) to relay|not relay|rcpthosts|cannot deliver mail for|we do not relay/i,
  }),
  row('access', /^55/, {
    enhanced: NOT_OF_MAILBOX,
    text: /client host\b.{0,80}(?:rejected|blocked|denied)|your (?:ip|host|server)\b.{0,60}(?:blocked|denied|rejected|not (?:allowed|permitted))|\b(?:ip|host|client|domain|account)\b.{0,60}not (?:allowed|permitted|authori[sz]ed) to (?:send|connect)|not authori[sz]ed to perform|from address does not match|sender address rejected: not (?:owned|logged)|identities failed the check|account (?:is )?(?:disabled|suspended)\b.*\bsend/i,
  }),
  row('limit', /^5(?!52)/, {
    enhanced: NOT_OF_MAILBOX,
    text: butNot(
      OF_MAIL,
      /too many (?:concurrent )?(?:e-?mails?|mails|messages|connections|sessions|requests)|(?:limit|quota|credits?|rate|threshold)\b.{0,40}\b(?:exceeded|reached)|(?:exceed(?:s|ed)?|reached)\b.{0,60}\b(?:limit|quota|rate|threshold|per (?:second|minute|hour|day))|rate.?limit|throttl|try (?:again|later)/,
    ),
  }),
];
