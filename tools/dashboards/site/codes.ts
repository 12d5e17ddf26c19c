import { lines, worse, type Row } from '../panel.ts';

/** What subscribers wait for, what the switch waits for, and what is to be kept of operators. */
export const CODES: Row = {
  question: 'Do codes and orders get out?',
  panels: [
    lines(
      'Codes and links reach the mail server within',
      [
        {
          expr: 'histogram_quantile(0.99, sum by (kind, le) (rate(notify_delivery_seconds_bucket{kind=~"one-time-password|two-step-code|address-registration"}[5m]))) >= 0',
          legend: '99 % of {{kind}}',
        },
      ],
      {
        description: 'Who waits for a code waits for this. The objective for one-time passwords is 10 s.',
        runbook: 'onetimepasswordslate',
        unit: 's',
        width: 6,
        steps: worse(10),
      },
    ),
    lines(
      'Settings that the switch does not know',
      [{ expr: 'max(notify_switch_untold)', legend: 'numbers and lines' }],
      {
        description: 'They are told within a second. Growing: Kafka is away, or nothing tells.',
        runbook: 'switchuntold',
        unit: 'short',
        width: 6,
      },
    ),
    lines('Accounts with messages that wait', [{ expr: 'max(notify_messages_due)', legend: 'accounts' }], {
      description:
        'Mails about changed logins, and IP phone passwords for the switch, that Kafka does not have yet.',
      runbook: 'messagesduestand',
      unit: 'short',
      width: 6,
    }),
    lines('Records of operators that wait', [{ expr: 'max(notify_actions_untold)', legend: 'records' }], {
      description:
        'What operators did and Kafka does not have yet. At 100,000 every change of theirs is refused.',
      runbook: 'actionsuntold',
      unit: 'short',
      width: 6,
    }),
  ],
};
