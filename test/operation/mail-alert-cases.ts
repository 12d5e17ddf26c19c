import { fires, PAGE, silent, TICKET, type AlertCase } from './alert-case.ts';

const decided = 'notify_decisions_total{kind="call",reason="notify"}';
const accepted = 'notify_delivery_seconds_count{kind="call"}';
const lag = 'notify_consumer_lag{topic="call-events"}';
const oldest = (topic: string): string => `notify_oldest_unsettled_seconds{topic="${topic}"}`;
const mails = (state: string, domain = 'au.com'): string =>
  `notify_mails_total{kind="call",brand="b",domain="${domain}",state="${state}"}`;
const dead = (reason: string): string => `notify_dlq_total{reason="${reason}"}`;
/** What every alert about mail does at its limits. */
export const MAIL_ALERT_CASES: readonly AlertCase[] = [
  fires('NothingAccepted', '7m', PAGE, { [decided]: '0+1x10', [accepted]: '3x10' }),
  silent('NothingAccepted', '6m', { [decided]: '0 0 0 0 0 5 5 5 5', [accepted]: '3x10' }),
  silent('NothingAccepted', '9m', { [decided]: '0+0.9x10', [accepted]: '3x10' }),
  silent('NothingAccepted', '9m', { [decided]: '0+1x10', [accepted]: '0+1x10' }),
  fires('NothingAccepted', '9m', PAGE, {
    [decided]: '7x10',
    [accepted]: '3x10',
    [lag]: '5x10',
    [oldest('call-events')]: '61x10',
  }),
  silent('NothingAccepted', '9m', {
    [decided]: '7x10',
    [accepted]: '3x10',
    [lag]: '5000x10',
    [oldest('call-events')]: '60x10',
  }),
  silent('NothingAccepted', '9m', {
    [decided]: '7x10',
    [accepted]: '3x10',
    [lag]: '4x10',
    [oldest('call-events')]: '61x10',
  }),
  fires('NothingAccepted', '10m', PAGE, { [decided]: '0+1x20', [accepted]: '3 3 4x20' }),
  silent('NothingAccepted', '9m', {
    'notify_decisions_total{kind="call",reason="unknown-number"}': '0+9x20',
    [decided]: '3x20',
    [accepted]: '3x20',
  }),
  silent('NothingAccepted', '9m', {
    [decided]: '7x10',
    [accepted]: '3x10',
    [lag]: '4x10',
    'notify_consumer_lag{topic="notify-retry-1h"}': '900x10',
    [oldest('call-events')]: '61x10',
  }),
  silent('NothingAccepted', '9m', {
    [decided]: '7x10',
    [accepted]: '3x10',
    [lag]: '5x10',
    [oldest('notify-retry-10s')]: '90x10',
  }),
  fires('OldestEventTooOld', '9m', `lane="main",${PAGE}`, { [oldest('call-events')]: '4000x10' }),
  fires('OldestEventTooOld', '1m', `lane="access",${PAGE}`, { [oldest('access-mails')]: '10.1x2' }),
  silent('OldestEventTooOld', '5m', { [oldest('access-mails')]: '10x10' }),
  silent('OldestEventTooOld', '1m', { [oldest('access-mails')]: '0 11 11' }),
  fires('OldestEventTooOld', '1m', `lane="access",${PAGE}`, { [oldest('access-retry-5s')]: '15.1x2' }),
  silent('OldestEventTooOld', '5m', { [oldest('access-retry-5s')]: '15x10' }),
  fires('OldestEventTooOld', '1m', `lane="access",${PAGE}`, { [oldest('access-retry-30s')]: '40.1x2' }),
  silent('OldestEventTooOld', '5m', { [oldest('access-retry-30s')]: '40x10' }),
  ...['call-events', 'fax-events', 'fault-events'].flatMap((topic) => [
    fires('OldestEventTooOld', '2m', `lane="main",${PAGE}`, { [oldest(topic)]: '60.1x4' }),
    silent('OldestEventTooOld', '5m', { [oldest(topic)]: '60x10' }),
    silent('OldestEventTooOld', '2m', { [oldest(topic)]: '0 61 61' }),
  ]),
  ...Object.entries({ '10s': 10, '1m': 60, '10m': 600, '1h': 3600 }).flatMap(([name, delay]) => [
    fires('OldestEventTooOld', '5m', `lane="retry",${TICKET}`, {
      [oldest(`notify-retry-${name}`)]: `${delay + 300.1}x9`,
    }),
    silent('OldestEventTooOld', '9m', { [oldest(`notify-retry-${name}`)]: `${delay + 300}x9` }),
    silent('OldestEventTooOld', '4m', { [oldest(`notify-retry-${name}`)]: `${delay + 301}x9` }),
  ]),
  fires('MailsTooLate', '30m', `kind="fax",${TICKET}`, {
    'notify_decisions_total{kind="fax",reason="too-late"}': '0x15 5x30',
    'notify_mails_total{kind="fax",brand="b",domain="other",state="expired"}': '0x15 5x30',
  }),
  fires('MailsTooLate', '30m', `kind="fax",${TICKET}`, {
    'notify_decisions_total{kind="fax",reason="too-late"}': '0x15 10x30',
  }),
  silent('MailsTooLate', '30m', {
    'notify_decisions_total{kind="fax",reason="too-late"}': '0x15 4x30',
    'notify_decisions_total{kind="call",reason="too-late"}': '0x15 9x30',
    'notify_mails_total{kind="fax",brand="b",domain="other",state="expired"}': '0x15 5x30',
  }),
  silent('MailsTooLate', '70m', { 'notify_decisions_total{kind="fax",reason="too-late"}': '0x15 10x70' }),
  silent('MailsTooLate', '70m', {
    'notify_decisions_total{kind="fax",reason="too-late"}': '0x70',
    'notify_mails_total{kind="fax",brand="b",domain="other",state="expired"}': '0x15 10x70',
  }),
  silent('MailsTooLate', '30m', {
    'notify_decisions_total{kind="fax",reason="too-late"}': '0x70',
    'notify_decisions_total{kind="fax",reason="notify"}': '0+9x70',
    'notify_mails_total{kind="fax",brand="b",domain="other",state="accepted"}': '0+9x70',
  }),
  fires('CarrierRefuses', '25m', `domain="au.com",${PAGE}`, { [mails('deferred')]: '0+1.4x60' }),
  silent('CarrierRefuses', '25m', { [mails('deferred')]: '0+20x5 100x60' }),
  fires('CarrierRefuses', '25m', [`domain="au.com",${PAGE}`], {
    [mails('deferred')]: '0+1x60',
    [mails('bounced')]: '0+0.1x60',
    [mails('accepted')]: '0+1x60',
    [mails('accepted', 'docomo.ne.jp')]: '0+9x60',
  }),
  silent('CarrierRefuses', '25m', { [mails('deferred')]: '0+1x60', [mails('accepted')]: '0+1x60' }),
  silent('CarrierRefuses', '25m', { [mails('deferred')]: '0+1.2x60' }),
  silent('CarrierRefuses', '10m', { [mails('deferred')]: '0+40x60' }),
  fires('CarrierRefuses', '12m', `domain="au.com",${PAGE}`, { [mails('deferred')]: '0+40x60' }),
  fires('CarrierRefuses', '45m', `domain="au.com",${TICKET}`, {
    [mails('bounced')]: '0+0.9x60',
    [mails('accepted')]: '0+3x60',
  }),
  silent('CarrierRefuses', '45m', { [mails('bounced')]: '0+1x60', [mails('accepted')]: '0+4.1x60' }),
  silent('CarrierRefuses', '45m', { [mails('bounced')]: '0+0.9x60', [mails('accepted')]: '0+2.2x60' }),
  silent('CarrierRefuses', '30m', { [mails('bounced')]: '0+40x60', [mails('accepted')]: '0+120x60' }),
  fires('RelayRefusesUs', '12m', `cause="login",${PAGE}`, {
    'notify_smtp_relay_refusals_total{cause="login"}': '0x8 3x20',
    'notify_smtp_relay_refusals_total{cause="limit"}': '0x8 2x20',
  }),
  silent('RelayRefusesUs', '10m', { 'notify_smtp_relay_refusals_total{cause="login"}': '0x8 3x20' }),
  silent('RelayRefusesUs', '20m', { 'notify_smtp_relay_refusals_total{cause="login"}': '0x8 3x20' }),
  fires('ClearTextMail', '60m', TICKET, { notify_smtp_tls_fallbacks_total: '0x10 1x200' }),
  silent('ClearTextMail', '80m', { notify_smtp_tls_fallbacks_total: '0x10 1x200' }),
  fires('DeadLettersGrow', '20m', `reason="malformed",${TICKET}`, {
    [dead('malformed')]: '0x10 1x200',
    [dead('internal-error')]: '7x200',
    [dead('seal-failed')]: '0x10 1x200',
  }),
  silent('DeadLettersGrow', '80m', { [dead('malformed')]: '0x10 1x200' }),
  fires('DeadLettersGrow', '25m', `reason="in-doubt",${TICKET}`, { [dead('in-doubt')]: '0x8 51x200' }),
  silent('DeadLettersGrow', '13m', { [dead('seal-failed')]: '0x8 60x200' }),
  fires('DeadLettersGrow', '11m', [`reason="in-doubt",${PAGE}`, `reason="in-doubt",${TICKET}`], {
    [dead('in-doubt')]: '0x8 51x200',
  }),
  fires('DeadLettersGrow', '10m', `reason="in-doubt",${TICKET}`, { [dead('in-doubt')]: '0x8 51x200' }),
  fires('DeadLettersGrow', '13m', `reason="in-doubt",${TICKET}`, { [dead('in-doubt')]: '0x8 44x200' }),
  fires('SealFailures', '11m', PAGE, { [dead('seal-failed')]: '0x8 1x200', [dead('malformed')]: '0x99' }),
  silent('SealFailures', '11m', { [dead('seal-failed')]: '4x200', [dead('malformed')]: '0+1x200' }),
  silent('SealFailures', '20m', { [dead('seal-failed')]: '0x8 1x200' }),
];
