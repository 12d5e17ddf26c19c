import { HASHER_METRICS, LOGIN_METRICS, MESSAGES_DUE } from '#access';
import { DELIVERY_METRICS } from '#delivery';
import type { MetricDeclaration } from '#metrics';
import { ACTIONS_UNTOLD } from '#operations';
import { BUILD_INFO, HTTP_SECONDS } from '#platform';
import { REDIS_METRICS } from '#redis';
import { SWITCH_UNTOLD } from '#settings';
import { LANE_METRICS } from '../../apps/notifier/src/lane-metrics.ts';
import { HISTORY_AWAY, SETTINGS_BREAKER } from '../../apps/settings/src/away-metrics.ts';
import { HISTORY_FAXES } from '../../apps/settings/src/faxes/keep-faxes.ts';
import { HISTORY_OUTCOMES } from '../../apps/settings/src/outcomes/keep-outcomes.ts';
import { CSV_UPLOADS } from '../../apps/site/src/site-metrics.ts';
import { DIALOGUE_CALLS } from '../../apps/voice/src/phone-dialogue.ts';

const COMMON = [BUILD_INFO, ...REDIS_METRICS];
const OUTBOXES = [SWITCH_UNTOLD, MESSAGES_DUE].flatMap(({ count, oldest }) => [count, oldest]);

/** What each app serves at `/metrics`, besides the process's default metrics. A test compares it with a scrape. */
export const METRICS_OF_APPS = {
  notifier: [...COMMON, ...DELIVERY_METRICS, ...LANE_METRICS],
  settings: [
    ...COMMON,
    HTTP_SECONDS,
    SETTINGS_BREAKER,
    HISTORY_AWAY,
    HISTORY_OUTCOMES,
    HISTORY_FAXES,
    ...LOGIN_METRICS,
    ...HASHER_METRICS,
    ...OUTBOXES,
    ACTIONS_UNTOLD.count,
    ACTIONS_UNTOLD.oldest,
  ],
  site: [...COMMON, HTTP_SECONDS, ...LOGIN_METRICS, CSV_UPLOADS, ...HASHER_METRICS, ...OUTBOXES],
  voice: [...COMMON, HTTP_SECONDS, DIALOGUE_CALLS, ...HASHER_METRICS],
} as const satisfies Readonly<Record<string, readonly MetricDeclaration[]>>;
