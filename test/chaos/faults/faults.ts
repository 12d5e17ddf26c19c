import type { Fault } from '../fault.ts';
import { CLOCK_FAULTS } from './clock-faults.ts';
import { DISK_FAULTS } from './disk-faults.ts';
import { KAFKA_FAULTS } from './kafka-faults.ts';
import { LOGIN_FAULTS } from './login-faults.ts';
import { MAIL_FAULTS } from './mail-faults.ts';
import { NOTIFIER_FAULTS } from './notifier-faults.ts';
import { OUTAGE_FAULTS } from './outage-faults.ts';
import { RECORD_FAULTS } from './record-faults.ts';
import { REDIS_FAILOVERS } from './redis-failovers.ts';
import { REDIS_FAULTS } from './redis-faults.ts';
import { SWITCH_FAULTS } from './switch-faults.ts';

/** Every row of the table. */
export const FAULTS: readonly Fault[] = [
  ...NOTIFIER_FAULTS,
  ...MAIL_FAULTS,
  ...REDIS_FAULTS,
  ...LOGIN_FAULTS,
  ...REDIS_FAILOVERS,
  ...KAFKA_FAULTS,
  ...SWITCH_FAULTS,
  ...OUTAGE_FAULTS,
  ...RECORD_FAULTS,
  ...CLOCK_FAULTS,
  ...DISK_FAULTS,
];
