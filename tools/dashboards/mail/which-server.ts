import { lines, worse, type Row } from '../panel.ts';

const OF = '{instance=~"$instance"}';

const RATE = '[$__rate_interval]';

/** What stands behind the notifiers, and how they do. */
export const SERVERS: Row = {
  question: 'Which server?',
  panels: [
    lines('Away', [{ expr: `max by (target) (notify_breaker_open${OF})`, legend: '{{target}}' }], {
      description: '1 while it is away: the mail server, Redis, Kafka.',
      runbook: 'breakeropen',
      unit: 'short',
      width: 6,
      max: 1,
    }),
    lines('Redis is unsafe', [{ expr: 'max by (cause) (notify_redis_unsafe)', legend: '{{cause}}' }], {
      description: '1 while it would lose what it is given, or takes no writes.',
      runbook: 'redisunsafe',
      unit: 'short',
      width: 6,
      max: 1,
    }),
    lines('Redis’ memory', [{ expr: 'max(notify_redis_memory_used_ratio)', legend: 'used of maxmemory' }], {
      description: 'A full Redis stops all mail. 0: it has no maxmemory.',
      runbook: 'redisnearlyfull',
      unit: 'percentunit',
      width: 6,
      max: 1,
      steps: worse(0.75, 0.9),
    }),
    lines(
      'The notifiers’ CPU',
      [
        {
          expr: `sum by (instance) (rate(process_cpu_seconds_total{job="notifier",instance=~"$instance"}${RATE}))`,
          legend: '{{instance}}',
        },
      ],
      {
        description: 'Cores used by each process. Near 1 it is at its limit: start another.',
        runbook: 'more-calls-than-one-process-decides',
        unit: 'short',
        width: 6,
      },
    ),
  ],
};
