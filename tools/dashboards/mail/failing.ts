import { lines, worse, type Row } from '../panel.ts';

const OF = '{instance=~"$instance"}';

const RATE = '[$__rate_interval]';

/** What does not arrive, by carrier and by reason. */
export const FAILING: Row = {
  question: 'What fails, and where?',
  panels: [
    lines(
      'Refused, by carrier',
      [
        {
          expr: 'sum by (domain) (domain_state:notify_mails:increase15m{state=~"deferred|bounced"}) / (sum by (domain) (domain_state:notify_mails:increase15m) > 0)',
          legend: '{{domain}}',
        },
      ],
      {
        description: 'The part of the answers of 15 minutes that were refusals, for a time or for good.',
        runbook: 'carrierrefuses',
        unit: 'percentunit',
        width: 8,
        max: 1,
        steps: worse(0.2, 0.5),
      },
    ),
    lines(
      'Accepted, by carrier',
      [
        {
          expr: `sum by (domain) (rate(notify_mails_total{state="accepted",instance=~"$instance"}${RATE}))`,
          legend: '{{domain}}',
        },
      ],
      {
        description:
          'Mails a second. One carrier that falls to 0 while the others go on is that carrier’s trouble.',
        runbook: 'carrierrefuses',
        unit: 'ops',
        width: 8,
        stacked: true,
      },
    ),
    lines(
      'Replies other than 250',
      [
        {
          expr: `topk(8, sum by (domain, code) (increase(notify_smtp_replies_total{code!="250",instance=~"$instance"}[15m])))`,
          legend: '{{domain}} {{code}}',
        },
      ],
      {
        description: 'The eight most frequent in 15 minutes, by carrier and code.',
        runbook: 'carrierrefuses',
        unit: 'short',
        width: 8,
      },
    ),
    lines(
      'The relay refuses us',
      [
        {
          expr: `sum by (cause) (increase(notify_smtp_relay_refusals_total${OF}[10m]))`,
          legend: '{{cause}}',
        },
      ],
      {
        description: 'Refusals in 10 minutes that are about us, whoever the mail is for. Healthy: none.',
        runbook: 'relayrefusesus',
        unit: 'short',
        width: 8,
      },
    ),
    lines(
      'Given up',
      [
        {
          expr: `sum by (state) (increase(notify_mails_total{state=~"bounced|expired|in-doubt",instance=~"$instance"}[15m]))`,
          legend: '{{state}}',
        },
        {
          expr: `sum(increase(notify_decisions_total{reason="too-late",instance=~"$instance"}[15m]))`,
          legend: 'too late',
        },
      ],
      {
        description:
          'Mails in 15 minutes that nobody will get: refused for good, past their deadline, or in doubt twice.',
        runbook: 'mailstoolate',
        unit: 'short',
        width: 8,
      },
    ),
    lines(
      'Dead letters',
      [{ expr: `sum by (reason) (increase(notify_dlq_total${OF}[1h]))`, legend: '{{reason}}' }],
      {
        description: 'New ones in an hour, by reason. seal-failed: codes and links cannot be mailed at all.',
        runbook: 'deadlettersgrow',
        unit: 'short',
        width: 8,
      },
    ),
    lines(
      'Decided',
      [{ expr: `topk(6, sum by (reason) (rate(notify_decisions_total${OF}${RATE})))`, legend: '{{reason}}' }],
      {
        description: 'Why events become mails (notify) or not: the six most frequent reasons.',
        runbook: 'what-became-of-a-notice',
        unit: 'ops',
        width: 12,
      },
    ),
    lines(
      'Clear text',
      [{ expr: `sum(increase(notify_smtp_tls_fallbacks_total${OF}[1h]))`, legend: 'STARTTLS failed' }],
      {
        description: 'Times in an hour that STARTTLS failed and mail went out in clear text. Healthy: none.',
        runbook: 'cleartextmail',
        unit: 'short',
        width: 12,
      },
    ),
  ],
};
