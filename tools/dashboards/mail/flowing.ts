import { lines, stat, worse, type Row } from '../panel.ts';

const OF = '{instance=~"$instance"}';

const RATE = '[$__rate_interval]';

/** The first glance: do mails go out, and if not, why. */
export const FLOWING: Row = {
  question: 'Is mail flowing?',
  panels: [
    stat('Servers away', [{ expr: `max by (target) (notify_breaker_open${OF})`, legend: '{{target}}' }], {
      description: 'Work is held while one of them is away; nothing is lost, and it goes on by itself.',
      runbook: 'breakeropen',
      unit: 'short',
      width: 6,
      steps: worse(1),
      words: { 0: 'up', 1: 'AWAY' },
    }),
    stat('Accepted', `sum(rate(notify_delivery_seconds_count${OF}[5m])) * 60`, {
      description: 'Mails that the mail server took, a minute. 0 by day needs a look: are there no calls?',
      runbook: 'nothingaccepted',
      unit: 'cpm',
      width: 3,
      decimals: 0,
    }),
    stat('Last mail', `time() - (max(notify_last_accepted_timestamp_seconds${OF}) > 0)`, {
      description: 'How long ago the mail server last took a mail.',
      runbook: 'nothingaccepted',
      unit: 's',
      width: 3,
      decimals: 0,
      nothing: 'none yet',
      steps: worse(600, 3600),
    }),
    stat('Waits for', 'max(lane:notify_overdue_seconds:max)', {
      description:
        'How long the oldest event has been due, in any lane. Above a minute something holds it up.',
      runbook: 'oldesteventtooold',
      unit: 's',
      width: 3,
      decimals: 0,
      steps: worse(10, 60),
    }),
    stat('Sending now', `sum(notify_in_flight${OF})`, {
      description: 'Mails that wait for a reply of the mail server. Many, for long: it is slow.',
      runbook: 'the-mail-server-is-slow',
      unit: 'short',
      width: 3,
      decimals: 0,
    }),
    stat('Dead letters', `sum(increase(notify_dlq_total${OF}[1d]))`, {
      description: 'Records of the last 24 hours that a person has to look at. Healthy: none.',
      runbook: 'deadlettersgrow',
      unit: 'short',
      width: 3,
      decimals: 0,
      steps: worse(0.5),
    }),
    stat('Alerts', 'count(ALERTS{alertstate="firing"}) or vector(0)', {
      description: 'Alerts that fire now; each has its section in the runbook.',
      runbook: 'the-alerts',
      unit: 'short',
      width: 3,
      decimals: 0,
      steps: worse(1),
    }),
    lines(
      'Events in',
      [{ expr: `sum by (topic) (rate(notify_events_total${OF}${RATE}))`, legend: '{{topic}}' }],
      {
        description: 'Source events settled a second, by topic. It falls to 0 when the lanes are paused.',
        runbook: 'is-mail-flowing',
        unit: 'ops',
        width: 12,
        stacked: true,
      },
    ),
    lines(
      'Mails out',
      [{ expr: `sum by (kind) (rate(notify_delivery_seconds_count${OF}${RATE})) > 0`, legend: '{{kind}}' }],
      {
        description: 'Mails accepted a second, by what they tell. Kinds without mails are left out.',
        runbook: 'nothingaccepted',
        unit: 'ops',
        width: 12,
        stacked: true,
      },
    ),
  ],
};
