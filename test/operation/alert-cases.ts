import { fires, PAGE, silent, TICKET, type AlertCase } from './alert-case.ts';
import { MAIL_ALERT_CASES } from './mail-alert-cases.ts';

const logins = (door: string, result: string): string =>
  `notify_logins_total{door="${door}",result="${result}"}`;
const http = (status: number): string =>
  `notify_http_seconds_count{job="site",route="/login",method="POST",status="${status}"}`;

const ABOUT_SERVERS: readonly AlertCase[] = [
  fires('BreakerOpen', '3m', `target="smtp",${PAGE}`, {
    'notify_breaker_open{instance="a",target="smtp"}': '0 0 1 1 1',
    'notify_breaker_open{instance="b",target="smtp"}': '0x9',
    'notify_breaker_open{instance="a",target="redis"}': '0x9',
  }),
  silent('BreakerOpen', '3m', { 'notify_breaker_open{target="smtp"}': '0 0 0 1 1' }),
  fires('RedisUnsafe', '2m', `cause="eviction",${PAGE}`, {
    'notify_redis_unsafe{cause="eviction"}': '0 1 1',
    'notify_redis_unsafe{cause="memory"}': '0x9',
  }),
  silent('RedisUnsafe', '2m', { 'notify_redis_unsafe{cause="eviction"}': '0 0 1' }),
  fires('RedisNearlyFull', '10m', TICKET, { notify_redis_memory_used_ratio: '0.751x20' }),
  silent('RedisNearlyFull', '20m', { notify_redis_memory_used_ratio: '0.75x20' }),
  silent('RedisNearlyFull', '9m', { notify_redis_memory_used_ratio: '0.89x20' }),
  fires('RedisNearlyFull', '2m', PAGE, { notify_redis_memory_used_ratio: '0.901x20' }),
  silent('RedisNearlyFull', '1m', { notify_redis_memory_used_ratio: '0.901x20' }),
  silent('RedisNearlyFull', '5m', { notify_redis_memory_used_ratio: '0.9x20' }),
  fires('SwitchUntold', '2m', PAGE, { notify_switch_untold_oldest_seconds: '600.1x9' }),
  silent('SwitchUntold', '9m', { notify_switch_untold_oldest_seconds: '600x9' }),
  silent('SwitchUntold', '2m', { notify_switch_untold_oldest_seconds: '0 601 661' }),
  fires('MessagesDueStand', '2m', PAGE, { notify_messages_due_oldest_seconds: '600.1x9' }),
  silent('MessagesDueStand', '9m', { notify_messages_due_oldest_seconds: '600x9' }),
  silent('MessagesDueStand', '2m', { notify_messages_due_oldest_seconds: '0 601 661' }),
  fires('ActionsUntold', '2m', PAGE, { notify_actions_untold_oldest_seconds: '600.1x9' }),
  silent('ActionsUntold', '9m', { notify_actions_untold_oldest_seconds: '600x9' }),
  silent('ActionsUntold', '2m', { notify_actions_untold_oldest_seconds: '0 601 661' }),
  fires('HistoryStands', '10m', TICKET, { notify_history_away: '1x20' }),
  silent('HistoryStands', '9m', { notify_history_away: '1x20' }),
  silent('HistoryStands', '20m', { notify_history_away: '0x20' }),
  fires('HistoryStands', '20m', TICKET, { 'notify_history_outcomes_total{result="no-memory"}': '0+1x20' }),
  silent('HistoryStands', '40m', {
    'notify_history_outcomes_total{result="no-memory"}': '0+1x20 20x60',
  }),
  silent('HistoryStands', '20m', {
    'notify_history_outcomes_total{result="no-memory"}': '7x20',
    'notify_history_outcomes_total{result="kept"}': '0+1x20',
  }),
];

const jobs = (names: readonly string[], values: string): AlertCase['series'] =>
  Object.fromEntries(names.map((name) => [`up{job="${name}",instance="i"}`, values]));

const ABOUT_APPS: readonly AlertCase[] = [
  ...['notifier', 'settings', 'site', 'voice'].map((job) =>
    fires('AppDown', '3m', `instance="i",job="${job}",${PAGE}`, { ...jobs([job], '1 0 0 0 0') }),
  ),
  silent('AppDown', '2m', jobs(['site'], '1 0 0 0 0')),
  silent('AppDown', '9m', { ...jobs(['site'], '1x9'), ...jobs(['other'], '0x9') }),
  ...['notifier', 'settings', 'site'].map((job) =>
    fires(
      'AppAbsent',
      '5m',
      `job="${job}",${PAGE}`,
      jobs(
        ['notifier', 'settings', 'site'].filter((name) => name !== job),
        '1x9',
      ),
    ),
  ),
  silent('AppAbsent', '4m', jobs(['settings', 'site'], '1x9')),
  silent('AppAbsent', '9m', jobs(['notifier', 'settings', 'site'], '0x9')),
  fires('AppRestarts', '9m', `instance="i",job="site",${PAGE}`, {
    'process_start_time_seconds{job="site",instance="i"}': '1 1 2 2 3 3 4 4 4 4',
  }),
  silent('AppRestarts', '9m', {
    'process_start_time_seconds{job="site",instance="i"}': '1 1 2 2 3 3 3 3 3 3',
    'process_start_time_seconds{job="other",instance="i"}': '1 1 2 2 3 3 4 4 4 4',
  }),
  silent('AppRestarts', '21m', {
    'process_start_time_seconds{job="site",instance="i"}': '1 1 2 2 3 3 4x30',
  }),
  fires('RequestsFail', '7m', `job="site",${PAGE}`, { [http(503)]: '0+2.3x20', [http(200)]: '0+20x20' }),
  silent('RequestsFail', '9m', { [http(503)]: '0+2.2x20', [http(200)]: '0+20x20' }),
  silent('RequestsFail', '9m', { [http(503)]: '0+1.9x20' }),
  silent('RequestsFail', '9m', { [http(404)]: '0+9x20', [http(200)]: '0+1x20' }),
  silent('RequestsFail', '2m', { [http(503)]: '0+90x20' }),
  silent('RequestsFail', '9m', { [http(503)]: '0+1.9x20', [http(200)]: '0+5x20' }),
];

// What is usual is the mean of what is known of a day; of two hours, here.
const KNOWN = 120;
const ABOUT_LOGINS: readonly AlertCase[] = [
  ...['refused', 'wait', 'source-limit', 'busy'].map((result) =>
    fires('LoginsAttacked', '16m', `door="subscriber",${PAGE}`, {
      [logins('subscriber', result)]: '0+12.1x60',
      [logins('subscriber', 'in')]: '0+90x60',
    }),
  ),
  silent('LoginsAttacked', '16m', { [logins('subscriber', 'refused')]: '0+11.9x60' }),
  silent('LoginsAttacked', '16m', { [logins('subscriber', 'in')]: '0+90x60' }),
  silent('LoginsAttacked', '5m', { [logins('self-care', 'refused')]: '0+900x60' }),
  fires('LoginsAttacked', '16m', `door="operator",${PAGE}`, { [logins('operator', 'refused')]: '0+1.3x60' }),
  silent('LoginsAttacked', '16m', { [logins('operator', 'refused')]: '0+1.1x60' }),
  // As many as yesterday are no attack, five times as many are one: the usual of 20 a minute is 100.
  fires('LoginsAttacked', `${KNOWN + 16}m`, `door="subscriber",${PAGE}`, {
    [logins('subscriber', 'refused')]: `0+20x${KNOWN - 1} ${20 * KNOWN}+110x60`,
  }),
  silent('LoginsAttacked', `${KNOWN + 16}m`, {
    [logins('subscriber', 'refused')]: `0+20x${KNOWN - 1} ${20 * KNOWN}+90x60`,
  }),
  fires('LockoutsGrow', '15m', `door="subscriber",${PAGE}`, {
    'notify_lockouts_total{door="subscriber"}': '0x12 10x90',
    'notify_lockouts_total{door="self-care"}': '0x12 8x90',
  }),
  silent('LockoutsGrow', '24m', { 'notify_lockouts_total{door="subscriber"}': '0x12 10x90' }),
];

/** What every alert does at its limits; burn rates are in `burn-cases.ts`. */
export const ALERT_CASES: readonly AlertCase[] = [
  ...MAIL_ALERT_CASES,
  ...ABOUT_SERVERS,
  ...ABOUT_APPS,
  ...ABOUT_LOGINS,
];
