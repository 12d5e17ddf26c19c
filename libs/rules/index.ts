export { parseAddress } from './address.ts';
export { callNoticeInput, EMPTY_CALL_NOTICE, type CallNotice } from './call-notice.ts';
export { deadlinesOfBrand, DEFAULT_DEADLINES, longestDeadlines, type DeadlinesOf } from './deadlines.ts';
export { decide, wantsTransfer, type KnownSettings } from './decide.ts';
export { REASONS, type Decision, type Reason } from './decision.ts';
export { EMPTY_FAULT_NOTICE, faultNoticeInput, type FaultNotice } from './fault-notice.ts';
export { EMPTY_FAX_NOTICE, faxNoticeInput, type FaxNotice } from './fax-notice.ts';
export { addProblem, checkDuplicates, telephoneNumber } from './input-checks.ts';
export { lineInput, storedLineSettings, type LineSettings } from './line-settings.ts';
export {
  emptyNumberSettings,
  SECTION_INPUTS,
  storedNumberSettings,
  type NumberSection,
  type NumberSections,
  type NumberSettings,
} from './number-settings.ts';
export { readDocument } from './read-document.ts';
export type { NoticeInputRules, Recipient } from './recipients.ts';
export { EMPTY_SCREENING, screeningInput, type Screening } from './screening.ts';
export { DEFAULT_SETTINGS_LIMITS, limitsOfBrand, type OwnLimits } from './settings-limits.ts';
export { storedReader } from './stored-reader.ts';
export { parseCallerNumber, parseSubscriberNumber } from './telephone-number.ts';
export type { TextProblem } from './text-problem.ts';
