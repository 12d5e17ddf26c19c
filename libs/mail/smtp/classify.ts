import type { Answer, AnswerRule, Asked } from './answer-rule.ts';
import { ANSWERS } from './answers.ts';
import { mailDomainLabel, type MailDomainLabel } from './mail-domain-label.ts';
import { REFUSED_US, refusalOfUs } from './relay-refusals.ts';
import type { SmtpReply } from './reply.ts';

/** What is neither taken nor refused; a server that says so does not speak SMTP as we do. */
const NO_ANSWER: Answer = {
  verdict: { kind: 'later' },
  means: 'Neither taken nor refused: the server does not speak SMTP as we do.',
};

function holds(rule: AnswerRule, { code, enhanced, text }: SmtpReply, domain: MailDomainLabel): boolean {
  return (
    rule.code.test(String(code)) &&
    (rule.domains?.includes(domain) ?? true) &&
    (rule.enhanced?.test(enhanced) ?? true) &&
    (rule.text?.test(text) ?? true)
  );
}

/**
 * What a reply means for the mail, and for the operator. Total. Whether we are refused is asked first: a receiving
 * domain's own row may not bounce a mail for what the relay has against us.
 */
export function classify(reply: SmtpReply, asked: Asked): Answer {
  const refusal = refusalOfUs(reply, asked);
  if (refusal) return REFUSED_US[refusal];
  const domain = mailDomainLabel(asked.to);
  return ANSWERS.find((rule) => holds(rule, reply, domain)) ?? NO_ANSWER;
}
