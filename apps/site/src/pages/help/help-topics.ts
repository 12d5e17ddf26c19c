import type { HelpOf } from './help-topic.ts';
import { bulkTransferHelp } from './topics/bulk-transfer.ts';
import { callNoticeHelp } from './topics/call-notice.ts';
import { csvHelp } from './topics/csv.ts';
import { faultNoticeHelp } from './topics/fault-notice.ts';
import { faxNoticeHelp } from './topics/fax-notice.ts';
import { historyHelp } from './topics/history.ts';
import { ipPhonePasswordHelp } from './topics/ip-phone-password.ts';
import { loginHelp } from './topics/login.ts';
import { oneTimePasswordHelp } from './topics/one-time-password.ts';
import { temporaryPasswordHelp } from './topics/temporary-password.ts';
import { unitHelp } from './topics/unit.ts';
import { voiceWarpHelp } from './topics/voice-warp.ts';

/** About logging in. */
const LOGIN_TOPICS = {
  login: loginHelp,
  'temporary-password': temporaryPasswordHelp,
  'one-time-password': oneTimePasswordHelp,
  unit: unitHelp,
} as const satisfies Readonly<Record<string, HelpOf>>;

/** About the services; their names are those of their pages' paths. */
const SERVICE_TOPICS = {
  'call-notice': callNoticeHelp,
  'fax-notice': faxNoticeHelp,
  'fault-notice': faultNoticeHelp,
  'bulk-transfer': bulkTransferHelp,
  'voice-warp': voiceWarpHelp,
  history: historyHelp,
  csv: csvHelp,
  'ip-phone-password': ipPhonePasswordHelp,
} as const satisfies Readonly<Record<string, HelpOf>>;

export type HelpTopicId = keyof typeof LOGIN_TOPICS | keyof typeof SERVICE_TOPICS;

/** Every topic of the help, by the name that its path ends with. */
export const HELP_TOPICS: Readonly<Record<HelpTopicId, HelpOf>> = { ...LOGIN_TOPICS, ...SERVICE_TOPICS };

/** The topics as the index shows them: groups in order, and the topics of each. */
export const HELP_GROUPS: readonly (readonly [heading: string, topics: readonly HelpTopicId[]])[] = [
  ['サービスの設定', Object.keys(SERVICE_TOPICS) as HelpTopicId[]],
  ['ログイン', Object.keys(LOGIN_TOPICS) as HelpTopicId[]],
];
