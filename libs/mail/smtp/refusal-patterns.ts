import type { RelayRefusal } from './reply-meaning.ts';

/*
 * Patterns for what a refusal is about. They look for nouns that name one side or the other, not for sentences of particular
 * servers, and are used only where stage and status code leave it open.
 */

/** Matches what any of the patterns matches, ignoring case. */
function any(...patterns: readonly (RegExp | string)[]): RegExp {
  const sources = patterns.map((pattern) => (typeof pattern === 'string' ? pattern : pattern.source));
  return new RegExp(sources.join('|'), 'i');
}

/** A size is that of the message, also in reply to MAIL, which declares it. */
export const ABOUT_SIZE = any(
  /\bmessage (?:size|length)|\bsize (?:limit|exceed)|message (?:is )?too (?:big|large|long)/,
  /\bexceed\w*\b.{0,40}\b(?:size|bytes|[kmg]i?b)\b/,
);

/** The sender is the subject of the text, as in Postfix and Exim. */
export const ABOUT_SENDER = any(
  /^\W*(?:<us>\W*)?(?:bad |invalid )?sender (?:address|domain|verif\w+)\b/,
  /\bsender (?:address )?(?:rejected:|verif(?:y|ication) failed)/,
);

/** About the recipient or a mailbox, the message and its content, or its authenticity. */
export const ABOUT_MAIL = any(
  /\b(?:unknown|invalid|no such|inactive|no valid) (?!sender|from|outbound)(?:\w+ )?(?:user|recipient|address|mailbox|account|person|local)/,
  /(?<!\b(?:sender|from|ip) )\b(?:user|recipient|address|mailbox|account|alias)\b (?:is )?(?:unknown|not found|unavailable|unrecogni[sz]ed)/,
  /(?:<@>|\b(?:user|recipient|mailbox|account|person))\b.{0,40}\b(?:not|n't) exist|<@>.{0,20}\bnot exist|\be-?mail account\b/,
  /(?<!\byour )\b(?:mailbox|inbox)\b|over quota|storage (?:limit|quota)|resolver\.|unrout\w*able|\b(?:mail loop|hop count|hops)\b/,
  /(?:<@>|\b(?:user|recipient|account))\b.{0,40}\breceiv|\brecipient\b(?! limit| rate| quota).{0,30}\b(?:has|is|was|only|exceed\w*|refus\w+|accept\w*)\b/,
  /\buser (?:has (?!exceeded|reached)|(?:(?:is|does) )?not accept)|\bby (?:the |its )?(?:recipient|user)\b|\bto (?:this|that|the) (?:user|recipient|address|group|list)\b/,
  /メールボックス|容量|宛先|受信|ユーザー?が|迷惑メール|添付/,
  /\b(?:content|contains?|(?<!from )headers?|line|attachments?|virus|malware|phish\w*|url|link)\b|\bspam (?:message|score)|\bas (?:spam|junk)\b/,
  /\blikely (?:unsolicited|suspicious|spam)|\b(?:spf|dkim|dmarc)\b|unauthenticated (?:e?-?mail|message)|authentication (?:checks|information|results)/,
);

/** An IPv4 or IPv6 address. */
export const HOST_ADDRESS = any(/\b\d{1,3}(?:\.\d{1,3}){3}\b|\[(?:ipv6:)?[0-9a-f]*:[0-9a-f:]+\]/);
/** Any word for a refusal. */
export const REFUSAL = any(
  /reject|refus|block|prohibit|denied|den(?:y|ies)|forbid|bann?ed|no access|unauthori[sz]ed|拒否|許可されて/,
  /not (?:allowed|permitted|accept\w*|authori[sz]ed)|\blisted|(?:black|deny|block).?list|not (?:yet )?white.?listed|\bnot (?:on|in)\b/,
);
const STOPPED = /disabled|deactivated|suspended|paused|blocked|locked|expired|denied|on hold/;
const INVALID =
  /(?:in|un|not |does not |n't )(?:valid|verif\w+|confirmed|match|exist|resolve|configured|registered|owned|known)/;
const PER_TIME =
  /\b(?:(?:per|an?|this|last|each) (?:second|minute|hour|day|month)|hourly|daily|monthly|today)\b/;
const OUR_QUOTA = /\b(?:messages?|sending|sender|outgoing|outbound|submission|relay|your|account)\b/;
const OUR_HOST =
  /\b(?:your|client|sending|sender) (?:ip|host|hostname|mta|server|network|access|connections?)\b/;

const near = (one: RegExp, other: RegExp, distance = 60): string =>
  `(?:${one.source})(?:.{0,${distance}}(?:${other.source}))`;
const either = (one: RegExp, other: RegExp, distance = 60): string =>
  `${near(one, other, distance)}|${near(other, one, distance)}`;

/** What a refusal of us is about. Of a text that matches several rows, the first is the cause. */
export const BY_TEXT: readonly (readonly [RelayRefusal, RegExp])[] = [
  [
    'login',
    any(
      /\bauthentic\w*|\bsmtp.?auth|unauthenticated|\bauth\b|authorization (?:is )?(?:required|needed)/,
      /\blog(?:ged)?[ -]?in\b|\bpasswords?\b|credentials|api.?key|invalid token|pop.?before.?smtp|new mail (?:first|before)/,
      /\b(?:start)?tls\b|\bencrypt\w*|\bplain.?text\b|認証|ログイン/,
    ),
  ],
  ['name', any(/\b(?:helo|ehlo|greeting)\b|fully.?qualified host/)],
  [
    'sender',
    any(
      ABOUT_SENDER,
      /\bsenders?\b|\bfrom.(?:address|domain|header)\b|return.?path|\bsending (?:address|domain|identity)\b|identities failed/,
      /\baddress is not verified|\bsend(?:ing)?.?as\b|on behalf of|\brelaying \w+ as\b|\bmail sending denied|\bsandbox\b|\bspoof/,
      either(
        /\bdomain\b/,
        any(STOPPED, INVALID, /exceeded|verified|mismatch|not (?:allowed|authori[sz]ed|permitted|linked)/),
      ),
      /\bsend(?:ing)?(?: \w+)? from (?!(?:(?:your|this|the) )?(?:ip|host|server|network)\b|\[?\d)/,
      // Exim's default text for an administrator's rule without one: it may be about anything.
      /\badministrative(?:ly)? prohibit/,
      near(/outgoing mail from\b/, STOPPED),
      /送信者|差出人|送信元(?:メール|アドレス|ドメイン)/,
    ),
  ],
  [
    'limit',
    any(
      /\btoo (?:many(?! recipients)|much(?! mail data)|fast|quickly|often)\b|\bthrottl\w*|\bslow down\b|\bunusual (?:sending|rate)/,
      /\brates?\b|\bthreshold\b|\bcredits?\b|\bvolume\b|\blimit(?:s|ed)?\b|\bexcess\b|exceed\w* (?:the )?(?:number|allowed|maximum)\b|gr[ae]ylist|\bretry\b|submissionquota/,
      near(/too many recipients|\d+ \w+|maximum (?:number )?of \w+|exceed\w*/, PER_TIME),
      either(/\bquota\b/, any(OUR_QUOTA, PER_TIME)),
      /\btry (?:again )?(?:later|after|in \d)|上限|制限|(?:通|件|送信)数を?超/,
    ),
  ],
  [
    'access',
    any(
      /\brelay|rcpthosts|cannot deliver mail for|\bnot a gateway|中継|リレー|接続元|送信元ip/,
      either(HOST_ADDRESS, REFUSAL, 200),
      either(
        any(OUR_HOST, /\b(?:ip|client|mta)\b|\bhost (?=\w*listed)/),
        any(REFUSAL, /reputation|permission/),
      ),
      /\b(?:dns|r)bls?\b|blocked using|spamhaus|spamcop|\bport (?:25|587)\b|smtp server of your (?:isp|provider)/,
      /\bptr\b|\brdns\b|reverse (?:dns|hostname|lookup)|name lookup failed|\byour (?:reverse )?host ?name\b|not accept\w*\b.{0,20}\bfrom your\b/,
      either(
        /\baccount\b/,
        any(/\bsend\b|\bsending\b|\brelay\b|\boutbound\b|\boutgoing\b|\bsubscribed\b|\bbilling\b/),
      ),
      near(
        /\b(?:your|smtp) (?:account|plan|subscription)\b/,
        any(STOPPED, /pending|allows|not (?:yet )?(?:activ\w+|approved|verified)/),
      ),
      /\baccount is (?:pending|under review)|sending (?:is |was |has been )?(?:disabled|paused|suspended|blocked)|\byou are not (?:allowed|authori[sz]ed|permitted)/,
      /\b(?:licen[cs]e|subscription|trial|plan)\b|\bauthori[sz]ed to perform\b|\bconfiguration set\b/,
    ),
  ],
  [
    'server',
    any(
      /\b(?:system storage|disk (?:is )?full|disk space|out of disk)|\bnot accepting\b|\bmaintenance\b|\b(?:internal|temporary|configuration) (?:error|failure|problem)|service (?:is )?(?:temporarily )?(?:unavailable|not available)/,
    ),
  ],
];
