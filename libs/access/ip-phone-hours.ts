import type { SelfCareProfile } from './ports.ts';

const HOUR_MS = 3_600_000;
const JAPAN_MS = 9 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
const IP_PHONE_MS = 900_000;

/**
 * V4's table of B2BUA services, in hours of Japan's day: a change before `until` is in force at `effective`. A time on
 * the hour belongs to the later row.
 */
const B2BUA_ROWS = [
  { until: 1, effective: 1.5 },
  { until: 2, effective: 2.5 },
  { until: 17, effective: 17.5 },
  { until: 18, effective: 18.5 },
  { until: 19, effective: 19.5 },
  { until: 20, effective: 20.5 },
  { until: 21, effective: 21.5 },
  { until: 22, effective: 22.5 },
  { until: 23, effective: 23.5 },
  { until: 24, effective: 24.5 },
] as const;

/** When a new IP phone password is in force at the latest (V4), in epoch milliseconds; until then calls fail. */
export function effectiveAt(service: SelfCareProfile['service'], changedAt: number): number {
  if (service === 'ip-phone') return changedAt + IP_PHONE_MS;
  const midnight = Math.floor((changedAt + JAPAN_MS) / DAY_MS) * DAY_MS - JAPAN_MS;
  const row = B2BUA_ROWS.find(({ until }) => changedAt < midnight + until * HOUR_MS) ?? B2BUA_ROWS[9];
  return midnight + row.effective * HOUR_MS;
}
