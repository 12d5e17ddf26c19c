/** Receiving domains distinguished in metrics and in the reply rules. All others are `other`. */
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

/** The label of an address's domain. A closed list, so that metric labels do not grow with the subscribers. */
export function mailDomainLabel(address: string): MailDomainLabel {
  return LABELS.get(address.slice(address.lastIndexOf('@') + 1).toLowerCase()) ?? 'other';
}
