export { addressKey, parseAddress, type ParsedAddress } from './address.ts';
export {
  deadlinesOfBrand,
  DEFAULT_DEADLINES,
  longestDeadlines,
  type Deadlines,
  type DeadlinesOf,
} from './deadlines.ts';
export {
  decide,
  decideAccess,
  decideCall,
  decideFault,
  decideFax,
  wantsTransfer,
  type KnownSettings,
} from './decide.ts';
export { REASONS, type Decision, type Reason } from './decision.ts';
export {
  EMPTY_CALL_NOTICE,
  EMPTY_FAULT_NOTICE,
  EMPTY_FAX_NOTICE,
  EMPTY_SCREENING,
} from './empty-settings.ts';
export { readDocument, type ReadDocument } from './read-document.ts';
export {
  callNoticeInput,
  DEFAULT_SETTINGS_LIMITS,
  faultNoticeInput,
  faxNoticeInput,
  lineInput,
  screeningInput,
  type LineInputRules,
  type NoticeInputRules,
  type SettingsLimits,
} from './settings-input.ts';
export type {
  CallNotice,
  FaultNotice,
  FaxNotice,
  LineSettings,
  NumberSettings,
  Recipient,
  Screening,
  TargetCaller,
} from './settings.ts';
export { storedReader } from './stored-reader.ts';
export { storedLineSettings, storedNumberSettings } from './stored-settings.ts';
export { parseCallerNumber, parseSubscriberNumber, type ParsedNumber } from './telephone-number.ts';
export type { TextProblem } from './text-problem.ts';
