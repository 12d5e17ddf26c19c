import { lines, worse, type Row } from '../panel.ts';

const RATE = '[$__rate_interval]';

const HTTP = 'instance=~"$instance"';

/** What is rarely the matter. */
export const MORE: Row = {
  question: 'What else?',
  panels: [
    lines(
      'CSVs',
      [{ expr: `sum by (result) (increase(notify_csv_uploads_total{${HTTP}}[1h]))`, legend: '{{result}}' }],
      {
        description:
          'Steps of setting many numbers at once, in an hour. too-many: a line uploads without end.',
        runbook: 'many-subscribers-cannot-log-in-or-the-site-is-slow',
        unit: 'short',
        width: 8,
        stacked: true,
      },
    ),
    lines(
      'Calls that dial a password',
      [{ expr: 'sum by (result) (increase(notify_dialogue_calls_total[1h]))', legend: '{{result}}' }],
      {
        description: 'In an hour, by how they ended. unavailable: callers were told to call again.',
        runbook: 'connecting-a-media-server',
        unit: 'short',
        width: 8,
        stacked: true,
      },
    ),
    lines(
      'History',
      [
        {
          expr: 'sum by (result) (rate(notify_history_outcomes_total[5m]))',
          legend: 'outcomes {{result}}',
        },
        { expr: 'max(notify_history_away)', legend: 'away' },
      ],
      {
        description: 'Outcomes kept a second; away is 1 while none can be kept. Mails do not depend on it.',
        runbook: 'historystands',
        unit: 'short',
        width: 8,
      },
    ),
    lines(
      'Passwords that wait to be checked',
      [{ expr: `max by (job) (notify_password_hashes_waiting{${HTTP}})`, legend: '{{job}}' }],
      {
        description: 'From 50 on tries are turned away as busy. A flood, or too few processes.',
        runbook: 'many-subscribers-cannot-log-in-or-the-site-is-slow',
        unit: 'short',
        width: 8,
        steps: worse(50),
      },
    ),
    lines(
      'CPU',
      [
        {
          expr: `sum by (job, instance) (rate(process_cpu_seconds_total{job=~"site|settings|voice",${HTTP}}${RATE}))`,
          legend: '{{job}} {{instance}}',
        },
      ],
      {
        description: 'Cores used by each process.',
        runbook: 'many-subscribers-cannot-log-in-or-the-site-is-slow',
        unit: 'short',
        width: 8,
      },
    ),
    lines(
      'Processes that answer',
      [{ expr: 'sum by (job) (up{job=~"notifier|settings|site|voice"})', legend: '{{job}}' }],
      {
        description: 'How many of each app Prometheus reaches.',
        runbook: 'appdown',
        unit: 'short',
        width: 8,
      },
    ),
  ],
};
