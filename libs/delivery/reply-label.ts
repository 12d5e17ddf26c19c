import type { SendResult } from '#mail';

/** The codes by which RFC 5321, 4954, 3207, 7504 and 7505 answer mails; others are told apart by their first digit. */
const CODES = [
  '250',
  '421',
  '430',
  '432',
  '450',
  '451',
  '452',
  '454',
  '455',
  '458',
  '459',
  '500',
  '501',
  '502',
  '503',
  '504',
  '521',
  '523',
  '530',
  '534',
  '535',
  '538',
  '550',
  '551',
  '552',
  '553',
  '554',
  '555',
  '556',
] as const;
const OTHERS = ['other-4xx', 'other-5xx', 'unavailable', 'cut-off', 'in-doubt'] as const;

/** How a mail transaction ended, as `notify_smtp_replies_total` counts it: a closed list, whatever a server answers. */
export const REPLY_LABELS = [...CODES, ...OTHERS] as const;
export type ReplyLabel = (typeof REPLY_LABELS)[number];

const KNOWN: ReadonlyMap<string, ReplyLabel> = new Map(CODES.map((code) => [code, code]));

/** The label of a transaction's result. */
export function replyLabel(result: SendResult): ReplyLabel {
  if (result.kind === 'accepted') return '250';
  if (!('code' in result)) return result.kind;
  return KNOWN.get(result.code) ?? (result.kind === 'never' ? 'other-5xx' : 'other-4xx');
}
