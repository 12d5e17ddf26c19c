import type { Fault } from '../fault.ts';
import { NOTIFIER_FAULTS } from './notifier-faults.ts';

/** Every row of the table. */
export const FAULTS: readonly Fault[] = [...NOTIFIER_FAULTS];
