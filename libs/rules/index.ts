export { parseAddress } from './address.ts';
export {
  bulkTransferInput,
  EMPTY_BULK_TRANSFER,
  withinLine,
  type BulkTransferSettings,
} from './bulk-transfer.ts';
export { callNoticeInput, EMPTY_CALL_NOTICE, storedCallNotice, type CallNotice } from './call-notice.ts';
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
  SECTION_SERVICES,
  sectionOf,
  storedNumberSettings,
  type NumberSection,
  type NumberSections,
  type NumberSettings,
} from './number-settings.ts';
export { readDocument } from './read-document.ts';
export type { NoticeInputRules, Recipient } from './recipients.ts';
export { EMPTY_SCREENING, screeningInput, type Screening } from './screening.ts';
export {
  hasService,
  isContracted,
  isOfLine,
  offUnlessContracted,
  type ContractedServices,
  type Service,
} from './services.ts';
export { DEFAULT_SETTINGS_LIMITS, limitsBeside, limitsOfBrand, type OwnLimits } from './settings-limits.ts';
export { storedReader } from './stored-reader.ts';
export { numberAmong, readSwitch, switchCell, withLostZero } from './table-numbers.ts';
export { parseCallerNumber, parseSubscriberNumber } from './telephone-number.ts';
export type { TextProblem } from './text-problem.ts';
export {
  DESTINATIONS,
  EMPTY_VOICE_WARP,
  RING_SECONDS,
  SELECT_CALLERS,
  voiceWarpInput,
  waitsForAnswer,
  type ForwardingCondition,
  type SelectMode,
  type VoiceWarp,
} from './voice-warp.ts';
export { noMailSentence, whyNoMail, type ScreeningNames, type DecidingSetting } from './why-no-mail.ts';
