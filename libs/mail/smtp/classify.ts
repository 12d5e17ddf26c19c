import { mailDomainLabel, type MailDomainLabel } from './mail-domain-label.ts';
import { REFUSED_US, refusalOfUs } from './relay-refusals.ts';
import type { ReplyContext, ReplyMeaning } from './reply-meaning.ts';
import { REPLY_RULES, type ReplyRule } from './reply-rules.ts';
import type { SmtpReply } from './reply.ts';

/** A reply that neither accepts nor refuses. */
const NO_RULE: ReplyMeaning = {
  class: { kind: 'later' },
  means: 'Neither accepted nor refused: not a valid SMTP reply here.',
};

function applies(rule: ReplyRule, { code, enhanced, text }: SmtpReply, domain: MailDomainLabel): boolean {
  return (
    rule.code.test(String(code)) &&
    (rule.domains?.includes(domain) ?? true) &&
    (rule.enhanced?.test(enhanced) ?? true) &&
    (rule.text?.test(text) ?? true)
  );
}

/**
 * Finds what a reply means for the mail and for the operator. Total. Refusals of us come first: no row of a receiving
 * domain may bounce a mail for something the relay holds against us.
 */
export function classify(reply: SmtpReply, context: ReplyContext): ReplyMeaning {
  const refusal = refusalOfUs(reply, context);
  if (refusal) return REFUSED_US[refusal];
  const domain = mailDomainLabel(context.to);
  return REPLY_RULES.find((rule) => applies(rule, reply, domain)) ?? NO_RULE;
}
