import type { AnswerRule, RelayRefusal } from './answer-rule.ts';

/** RFC 3463's X.1.X and X.2.X speak of an address or a mailbox, Exchange's 5.7.12X and 5.7.13X of whom it takes mail from. */
const NOT_OF_MAILBOX = /^(?!5\.(?:[12]\.|7\.1[23]\d$))/;
/** Words that name the recipient or the message: what a limit or a delay in the same reply is about. */
const OF_MAIL = String.raw`recipient|mailbox|inbox|user unknown|unknown user|no such|not exist|storage|\bsize\b|too (?:big|large|long)`;
/** What was found in the message, or how its recipient chose. */
const OF_CONTENT = String.raw`content|virus|phish|malware|\bspam (?:message|score)|(?:user|recipient) has`;
const ADDRESS_OF_HOST = String.raw`\b\d{1,3}(?:\.\d{1,3}){3}\b|\[(?:ipv6:)?[0-9a-f]*:[0-9a-f:]+\]`;
const REFUSED = String.raw`reject|refus|block|denied|den(?:y|ies)|forbid|banned|not (?:allowed|permitted|accept|authori[sz])|no access|listed`;
const OF_DOMAIN_POLICY = String.raw`\b(?:spf|dkim|dmarc)\b`;

/** `pattern` in a text that nowhere has `unless`. */
function butNot(unless: string, pattern: RegExp): RegExp {
  return new RegExp(`^(?!.*(?:${unless})).*(?:${pattern.source})`, 'i');
}

const refused = (by: RelayRefusal): AnswerRule['verdict'] => ({ kind: 'later', refusedUs: by });
const MEANS: Readonly<Record<RelayRefusal, string>> = {
  login: 'The relay wants a login, or TLS. Look at SMTP_URL; the mails wait until their deadline.',
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
  row('limit', /^5/, { enhanced: /^5\.(?:4\.5|1\.90|7\.(?:23[23]|508|705|750))$/ }),
  row('limit', /^5/, { text: /submissionquotaexceeded/i }),
  // It counts the recipients that a sender had, not one that had too much.
  row('limit', /^5/, {
    text: /(?:daily|hourly|your|sender|sending)\b.{0,30}\brecipients? (?:limit|rate|quota)|\brecipients? (?:limit|rate|quota)\b.{0,60}\b(?:per (?:second|minute|hour|day)|your|sender)\b/i,
  }),
  // Exchange: not authenticated; RFC 7504 and others: not encrypted.
  row('login', /^5/, { enhanced: /^5\.7\.(?:10|57)$/ }),
  // Exchange: may not send as this sender, no relay, a sender or address that is banned, traffic not accepted. RFC 7372: our host has no name in DNS.
  row('access', /^5/, { enhanced: /^5\.7\.(?:25|50[1-3]|511|54|6[04]|6[0-4]\d|367|70[89])$/ }),
  row('access', /^5/, { text: /bad outbound sender/i }),
  row('name', /^5/, { enhanced: /^5\.7\.506$/ }),
  row('name', /^5/, {
    enhanced: NOT_OF_MAILBOX,
    text: butNot(OF_MAIL, /\b(?:helo|ehlo)\b|fully.?qualified host/),
  }),
  row('login', /^5[05]/, {
    enhanced: NOT_OF_MAILBOX,
    text: butNot(
      OF_DOMAIN_POLICY,
      /(?:smtp )?auth(?:entication|orization)?\b.{0,30}\b(?:required|needed)|\b(?:requires?|needs?|must|without|turn on|enable|use)\b.{0,40}\b(?:smtp.?auth|authenticat)|not (?:logged in|authenticated)|unauthenticated senders|log ?in first|pop.?before.?smtp|check for new mail first|credentials (?:are )?invalid|invalid (?:credentials|api.?key|token)|must issue an? (?:auth|starttls)|(?:tls|encryption) (?:is )?(?:required|needed)/,
    ),
  }),
  row('access', /^5/, {
    text: /relay(?:ing)?.{0,20}(?:denied|disabled|not (?:allowed|permitted)|prohibited)|(?:denied|unable|not (?:permitted|allowed|authori[sz]ed|configured)) to relay|not relay|rcpthosts|cannot deliver mail for|we do not relay/i,
  }),
  // The host that speaks to the relay is named, or its name in DNS is missed.
  row('access', /^5/, {
    enhanced: NOT_OF_MAILBOX,
    text: butNot(
      `${OF_MAIL}|${OF_CONTENT}|${OF_DOMAIN_POLICY}`,
      new RegExp(`(?:${ADDRESS_OF_HOST}).*(?:${REFUSED})|(?:${REFUSED}).*(?:${ADDRESS_OF_HOST})`),
    ),
  }),
  row('access', /^5/, {
    enhanced: NOT_OF_MAILBOX,
    text: butNot(
      `${OF_MAIL}|${OF_CONTENT}`,
      /\bptr\b|\brdns\b|reverse (?:dns|lookup)|name lookup failed|(?:not|no longer) accept\w*\b.{0,20}\bfrom your (?:ip|host|server|network)|not (?:allowed|permitted) to connect|smtp server of your (?:isp|provider)|sender ip\b.{0,20}rejected/,
    ),
  }),
  row('access', /^5/, {
    enhanced: NOT_OF_MAILBOX,
    text: /client host\b.{0,80}(?:rejected|blocked|denied)|your (?:ip|host|server)\b.{0,60}(?:blocked|denied|rejected|not (?:allowed|permitted))|\b(?:ip|host|client|domain|account)\b.{0,60}not (?:allowed|permitted|authori[sz]ed) to (?:send|connect)|not authori[sz]ed to perform/i,
  }),
  // Our sender, and the account that it belongs to.
  row('access', /^5/, {
    enhanced: NOT_OF_MAILBOX,
    text: butNot(
      `${OF_CONTENT}|${OF_DOMAIN_POLICY}`,
      /from address does not match|sender address rejected: not (?:owned|logged)|sender not authori[sz]ed for|identities failed the check|\b(?:sender|sending|from)\b.{0,20}\bdomain\b.{0,40}\bnot (?:verified|configured|registered|allowed)|invalid sender domain|account (?:is )?(?:disabled|suspended)\b.*\bsend|your account\b.{0,40}\b(?:disabled|suspended|blocked|locked|expired)|account not subscribed|sending (?:is )?(?:paused|suspended|disabled|blocked)/,
    ),
  }),
  row('limit', /^5(?!52)/, {
    enhanced: NOT_OF_MAILBOX,
    text: butNot(
      OF_MAIL,
      /too many (?:[a-z]+ ){0,2}(?:e-?mails?|mails|messages|connections|sessions|requests|errors)|(?:limit|quota|credits?|rate|threshold)\b.{0,40}\b(?:exceeded|reached)|(?:exceed(?:s|ed)?|reached)\b.{0,60}\b(?:limit|quota|rate|threshold|per (?:second|minute|hour|day))|rate.?limit|throttl|try (?:again|later)/,
    ),
  }),
];
