import { lines, stat, worse, type Row } from '../panel.ts';
import { shareOfAnswers } from './share-of-answers.ts';

const RATE = '[$__rate_interval]';

const HTTP = 'instance=~"$instance"';

const NONE_IS_GOOD = worse(0.5, 10);

/** The first glance: logins, and what people set. */
export const GETTING_IN: Row = {
  question: 'Do people get in?',
  panels: [
    stat('Logged in', `sum(rate(notify_logins_total{result=~"in|pending",${HTTP}}[5m])) * 60`, {
      description:
        'Right passwords a minute, at all doors; some still have a code or a new password before them.',
      runbook: 'many-subscribers-cannot-log-in-or-the-site-is-slow',
      unit: 'cpm',
      width: 4,
      decimals: 1,
    }),
    stat('Turned away', 'sum(door:notify_logins_turned_away:rate10m) * 60', {
      description: 'Tries a minute that did not get in. Many more than usual: somebody guesses.',
      runbook: 'loginsattacked',
      unit: 'cpm',
      width: 4,
      decimals: 1,
      steps: worse(12, 60),
    }),
    stat('Lock-outs, 1 h', `sum(increase(notify_lockouts_total{${HTTP}}[1h]))`, {
      description: 'Passwords that became invalid by wrong tries. Their owners call the help desk.',
      runbook: 'lockoutsgrow',
      unit: 'short',
      width: 4,
      decimals: 0,
      steps: NONE_IS_GOOD,
    }),
    stat('Not checked, 1 h', `sum(increase(notify_logins_total{result=~"busy|failed",${HTTP}}[1h]))`, {
      description: 'Tries that failed on our side: too many passwords at once, or Redis away.',
      runbook: 'many-subscribers-cannot-log-in-or-the-site-is-slow',
      unit: 'short',
      width: 4,
      decimals: 0,
      steps: NONE_IS_GOOD,
    }),
    stat('Switch not told for', 'max(notify_switch_untold_oldest_seconds)', {
      description: 'The oldest setting that the switch does not know. Above 10 minutes somebody is paged.',
      runbook: 'switchuntold',
      unit: 's',
      width: 4,
      decimals: 0,
      steps: worse(60, 600),
    }),
    stat('Answers that fail', `max(${shareOfAnswers('5..')})`, {
      description: 'The part of 5xx answers in 5 minutes, of the app that has most.',
      runbook: 'requestsfail',
      unit: 'percentunit',
      width: 4,
      decimals: 2,
      nothing: 'no requests',
      steps: worse(0.01, 0.1),
    }),
    lines(
      'Tries to log in',
      [{ expr: `sum by (result) (rate(notify_logins_total{${HTTP}}${RATE})) * 60`, legend: '{{result}}' }],
      {
        description: 'A minute, by what became of them. source-limit: one address tried too many numbers.',
        runbook: 'a-subscriber-cannot-log-in',
        unit: 'cpm',
        width: 8,
        stacked: true,
      },
    ),
    lines(
      'Turned away, by door',
      [{ expr: 'max by (door) (door:notify_logins_turned_away:rate10m) * 60', legend: '{{door}}' }],
      {
        description: 'A minute: the subscribers’ login, self-care, the operators’ page.',
        runbook: 'loginsattacked',
        unit: 'cpm',
        width: 8,
      },
    ),
    lines(
      'Lock-outs',
      [{ expr: `sum by (door) (increase(notify_lockouts_total{${HTTP}}[10m]))`, legend: '{{door}}' }],
      {
        description: 'Passwords in 10 minutes that became invalid by wrong tries.',
        runbook: 'lockoutsgrow',
        unit: 'short',
        width: 8,
      },
    ),
  ],
};
