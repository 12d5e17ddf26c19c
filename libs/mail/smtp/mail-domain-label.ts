/** Receiving domains that are told apart in metrics and in the table of answers; all others are `other`. */
export const MAIL_DOMAIN_LABELS = [
  'docomo.ne.jp',
  'au.com',
  'ezweb.ne.jp',
  'softbank.ne.jp',
  'i.softbank.jp',
  'ymobile.ne.jp',
  'rakumail.jp',
  'gmail.com',
  'icloud.com',
  'yahoo.co.jp',
  'outlook.com',
  'outlook.jp',
  'hotmail.com',
  'hotmail.co.jp',
  'other',
] as const;
export type MailDomainLabel = (typeof MAIL_DOMAIN_LABELS)[number];

const LABELS: ReadonlyMap<string, MailDomainLabel> = new Map(
  MAIL_DOMAIN_LABELS.map((label) => [label, label]),
);

/** Whose mailbox an address is, out of a closed list: a metric's labels never grow with the subscribers. */
export function mailDomainLabel(address: string): MailDomainLabel {
  return LABELS.get(address.slice(address.lastIndexOf('@') + 1).toLowerCase()) ?? 'other';
}
