import { lines, worse, type Row } from '../panel.ts';

const OF = '{instance=~"$instance"}';

const PER_LANE = [{ expr: 'max by (lane) (lane:notify_overdue_seconds:max)', legend: '{{lane}}' }];

/** What is not settled yet. */
export const WAITING: Row = {
  question: 'What waits?',
  panels: [
    lines('Due, and not done for', PER_LANE, {
      description: 'The oldest event of each lane, since it was due. The access lane must stay below 10 s.',
      runbook: 'oldesteventtooold',
      unit: 's',
      width: 8,
      steps: worse(10, 60),
    }),
    lines('Lag', [{ expr: `sum by (topic) (notify_consumer_lag${OF})`, legend: '{{topic}}' }], {
      description:
        'Records not settled yet. It grows while lanes are paused, or when there are too few processes.',
      runbook: 'more-calls-than-one-process-decides',
      unit: 'short',
      width: 8,
    }),
    lines(
      'Waits for another try',
      [{ expr: `sum by (topic) (notify_retry_waiting${OF})`, legend: '{{topic}}' }],
      {
        description: 'Records in retry topics. Many in one: a carrier refuses for now.',
        runbook: 'carrierrefuses',
        unit: 'short',
        width: 8,
        stacked: true,
      },
    ),
  ],
};
