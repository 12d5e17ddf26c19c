export { dryRun, dryRunInput, type DryRun } from './dry-run.ts';
export { bulkTransferTable, callNoticeTable } from './csv/bulk-tables.ts';
export {
  deleteLine,
  readBulkTransfer,
  readFaultNotice,
  readLine,
  writeBulkTransfer,
  writeFaultNotice,
  writeLine,
} from './edit-line.ts';
export { readSection, writeSection, type SettingsDeps } from './edit-section.ts';
export { checkImport, type CheckedImport } from './import/check-import.ts';
export { readImportFile } from './import/import-file.ts';
export { ImportDisturbed, writeImport } from './import/write-import.ts';
export { ipPhoneCommandSender } from './ip-phone-command-sender.ts';
export { accessMailInput } from './mails/access-mail-input.ts';
export { accessMailSender } from './mails/access-mail-sender.ts';
export { publishAccessMail, type EventName, type PublishAccessMail } from './mails/publish-access-mail.ts';
export {
  sendAccessMail,
  type AccessMailDeps,
  type IdempotencyKeys,
  type RequestMark,
} from './mails/send-access-mail.ts';
export {
  sendTestMail,
  testMailInput,
  type TestMailDeps,
  type TestMailLimits,
  type TestMailVerdict,
} from './mails/send-test-mail.ts';
export type { Stored } from './notice-warnings.ts';
export { tellNews } from './switch/tell-news.ts';
export { tellWaiting } from './switch/tell-waiting.ts';
export { EMPTY_OUTBOX, isAllTold, isDone, touched, withNews, type Outbox } from './switch/outbox.ts';
export type { SwitchOutbox } from './switch/switch-outbox.ts';
export {
  bulkTransferState,
  newsBetween,
  numberOfPlace,
  voiceWarpState,
  type SwitchPlace,
  type SwitchState,
} from './switch/switch-state.ts';
export { tellSwitch, type SwitchRecord, type TellDeps } from './switch/tell-switch.ts';
export { SWITCH_UNTOLD } from './switch/switch-untold.ts';
export type { Refusal } from './refusal.ts';
export {
  isMet,
  type CallNoticeWrite,
  type Line,
  type LineWriteResult,
  type Precondition,
  type SettingsRepository,
  type StoredPart,
  type WriteResult,
} from './settings-repository.ts';
