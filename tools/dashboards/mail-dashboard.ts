import { FAILING } from './mail/failing.ts';
import { FLOWING } from './mail/flowing.ts';
import { LATE } from './mail/late.ts';
import { WAITING } from './mail/waiting.ts';
import { SERVERS } from './mail/which-server.ts';
import type { Dashboard } from './panel.ts';

/** What the notifiers do, in the order in which one looks at three in the morning. */
export const MAIL_DASHBOARD: Dashboard = {
  uid: 'denwa-mail',
  title: 'denwa-notify: mail',
  description: 'Is mail flowing, how late, what fails where, and what waits.',
  jobs: ['notifier'],
  rows: [FLOWING, LATE, WAITING, FAILING, SERVERS],
};
