import { backlogMetrics } from '#metrics';

/** Records of what operators did that Kafka does not have yet (O6). */
export const ACTIONS_UNTOLD = backlogMetrics(
  'notify_actions_untold',
  'Records of what operators did that Kafka does not have yet; at 100,000 changes are refused',
);
