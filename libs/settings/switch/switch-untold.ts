import { backlogMetrics } from '#metrics';

/** What the switch has not been told yet (V5). */
export const SWITCH_UNTOLD = backlogMetrics(
  'notify_switch_untold',
  'Numbers and lines of which the switch may have to be told something',
);
