import { ACCESS_RETRY_DELAYS_MS, RETRY_DELAYS_MS } from '#events';

/** What one consumer group works, so that nobody waits behind another. */
export type Lane = 'access' | 'main' | 'retry';

/** The topics of each lane, without prefix. */
export const LANE_TOPICS: Readonly<Record<Lane, readonly string[]>> = {
  access: ['access-mails', ...Object.keys(ACCESS_RETRY_DELAYS_MS)],
  main: ['call-events', 'fax-events', 'fault-events'],
  retry: Object.keys(RETRY_DELAYS_MS),
};

/** Faults of a line are told in their order (R4), and the head of a retry topic is always the next to be due. */
export const IN_ORDER_TOPICS = [
  'fault-events',
  ...Object.keys(RETRY_DELAYS_MS),
  ...Object.keys(ACCESS_RETRY_DELAYS_MS),
];
