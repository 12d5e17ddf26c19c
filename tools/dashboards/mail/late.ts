import { better, lines, stat, worse, type Row } from '../panel.ts';

const OF = '{instance=~"$instance"}';

/** A quantile by kind; a kind without mails has none, and is left out. */
const quantile = (q: number, kinds: string): string =>
  `histogram_quantile(${q}, sum by (kind, le) (rate(notify_delivery_seconds_bucket{kind=~"${kinds}",instance=~"$instance"}[5m]))) >= 0`;

/** The part of what was owed that was in time; only where something was owed. */
const inTime = (slo: string): string =>
  `1 - slo:mails_late:rate1h{slo="${slo}"} / (slo:mails_owed:rate1h{slo="${slo}"} > 0)`;

/** The two objectives, and what makes mails late. */
export const LATE: Row = {
  question: 'How late?',
  panels: [
    stat('One-time passwords within 10 s', inTime('one-time-passwords'), {
      description: 'Of the last hour. The objective is 99.9 % in 30 days.',
      runbook: 'onetimepasswordslate',
      unit: 'percentunit',
      width: 6,
      decimals: 2,
      max: 1,
      nothing: 'no mail',
      steps: better(0.986, 0.999),
    }),
    stat('Call notices within 60 s', inTime('call-notices'), {
      description: 'Of the last hour. The objective is 99 % in 30 days.',
      runbook: 'callnoticeslate',
      unit: 'percentunit',
      width: 6,
      decimals: 2,
      max: 1,
      nothing: 'no mail',
      steps: better(0.86, 0.99),
    }),
    stat(
      'One-time passwords',
      [
        { expr: quantile(0.5, 'one-time-password'), legend: 'half' },
        { expr: quantile(0.99, 'one-time-password'), legend: '99 %' },
      ],
      {
        description:
          "From the code's making to the mail server's acceptance, in 5 minutes; the objective is 10 s.",
        runbook: 'onetimepasswordslate',
        unit: 's',
        width: 6,
        decimals: 2,
        nothing: 'no mail',
        steps: worse(5, 10),
      },
    ),
    stat(
      'Call notices',
      [
        { expr: quantile(0.5, 'call'), legend: 'half' },
        { expr: quantile(0.99, 'call'), legend: '99 %' },
      ],
      {
        description: 'From the call to the acceptance, in 5 minutes; the objective is 60 s.',
        runbook: 'callnoticeslate',
        unit: 's',
        width: 6,
        decimals: 2,
        nothing: 'no mail',
        steps: worse(30, 60),
      },
    ),
    lines('99 % of each kind are faster than', [{ expr: quantile(0.99, '.+'), legend: '{{kind}}' }], {
      description: "From the event's own time to the acceptance: the time in Kafka counts.",
      runbook: 'callnoticeslate',
      unit: 's',
      width: 8,
    }),
    lines(
      'How fast the month’s budget burns',
      [
        {
          expr: 'slo:mails_late:rate1h{slo="one-time-passwords"} / (slo:mails_owed:rate1h > 0) / 0.001',
          legend: 'one-time passwords',
        },
        {
          expr: 'slo:mails_late:rate1h{slo="call-notices"} / (slo:mails_owed:rate1h > 0) / 0.01',
          legend: 'call notices',
        },
      ],
      {
        description: '1: what the objective allows. 14.4 for an hour: the budget of 30 days is gone in two.',
        runbook: 'onetimepasswordslate',
        unit: 'short',
        width: 8,
        steps: worse(14.4),
      },
    ),
    lines(
      'The mail server’s pace',
      [
        {
          expr: `histogram_quantile(0.5, sum by (le) (rate(notify_smtp_seconds_bucket${OF}[5m]))) >= 0`,
          legend: 'half',
        },
        {
          expr: `histogram_quantile(0.99, sum by (le) (rate(notify_smtp_seconds_bucket${OF}[5m]))) >= 0`,
          legend: '99 %',
        },
      ],
      {
        description:
          'How long one mail transaction takes. Where this grows, mails are late because of the relay.',
        runbook: 'the-mail-server-is-slow',
        unit: 's',
        width: 8,
      },
    ),
  ],
};
