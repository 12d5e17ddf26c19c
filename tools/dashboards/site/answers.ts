import { lines, worse, type Row } from '../panel.ts';
import { shareOfAnswers } from './share-of-answers.ts';

const RATE = '[$__rate_interval]';

/** What people and programs ask for: not what watches the app. */
const HTTP = 'route!~"/livez|/readyz|/metrics",instance=~"$instance"';

/** The apps over HTTP. */
export const ANSWERS: Row = {
  question: 'How do site, settings API and telephone dialogue answer?',
  panels: [
    lines(
      'Requests',
      [{ expr: `sum by (job) (rate(notify_http_seconds_count{${HTTP}}${RATE}))`, legend: '{{job}}' }],
      {
        description: 'Answers a second of each app, without health checks and metrics.',
        runbook: 'many-subscribers-cannot-log-in-or-the-site-is-slow',
        unit: 'reqps',
        width: 8,
      },
    ),
    lines(
      'Failed and refused',
      [
        { expr: shareOfAnswers('5..'), legend: '{{job}} 5xx' },
        { expr: shareOfAnswers('429'), legend: '{{job}} 429' },
      ],
      {
        description: 'The part of the answers of 5 minutes: 5xx, and 429 to who asks too often.',
        runbook: 'requestsfail',
        unit: 'percentunit',
        width: 8,
        steps: worse(0.1),
      },
    ),
    lines(
      'Slowest pages',
      [
        {
          expr: `topk(5, histogram_quantile(0.95, sum by (job, route, le) (rate(notify_http_seconds_bucket{${HTTP}}[5m]))) >= 0)`,
          legend: '{{job}} {{route}}',
        },
      ],
      {
        description: '95 % of the requests of these routes are faster.',
        runbook: 'many-subscribers-cannot-log-in-or-the-site-is-slow',
        unit: 's',
        width: 8,
      },
    ),
  ],
};
