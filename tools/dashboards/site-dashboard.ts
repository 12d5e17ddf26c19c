import type { Dashboard } from './panel.ts';
import { ANSWERS } from './site/answers.ts';
import { CODES } from './site/codes.ts';
import { GETTING_IN } from './site/getting-in.ts';
import { MORE } from './site/more.ts';

/** What subscribers, operators and callers meet. */
export const SITE_DASHBOARD: Dashboard = {
  uid: 'denwa-site',
  title: 'denwa-notify: site and settings',
  description: 'Do people get in, does what they set reach the switch, and how do the apps answer.',
  jobs: ['site', 'settings', 'voice'],
  rows: [GETTING_IN, CODES, ANSWERS, MORE],
};
