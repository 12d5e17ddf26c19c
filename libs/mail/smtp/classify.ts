import type { AnswerRule } from './answer-rule.ts';
import { ANSWERS } from './answers.ts';
import type { MailDomainLabel } from './mail-domain-label.ts';
import type { SmtpReply } from './reply.ts';

/** What is neither taken nor refused; a server that says so does not speak SMTP as we do. */
const NO_ANSWER: AnswerRule = {
  code: /^/,
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

/** The row of the table that a reply falls under: what it means for the mail, and for the operator. Total. */
export function classify(reply: SmtpReply, domain: MailDomainLabel): AnswerRule {
  return ANSWERS.find((rule) => holds(rule, reply, domain)) ?? NO_ANSWER;
}
