export { deleteLine, readFaultNotice, readLine, writeFaultNotice, writeLine } from './edit-line.ts';
export { readSection, writeSection, type SettingsDeps } from './edit-section.ts';
export { checkImport, type CheckedImport } from './import/check-import.ts';
export { readImportFile } from './import/import-file.ts';
export { ImportDisturbed, writeImport } from './import/write-import.ts';
export { accessMailInput } from './mails/access-mail-input.ts';
export { accessMailSender } from './mails/access-mail-sender.ts';
export { publishAccessMail, type EventName, type PublishAccessMail } from './mails/publish-access-mail.ts';
export { sendAccessMail, type AccessMailDeps, type IdempotencyKeys } from './mails/send-access-mail.ts';
export {
  sendTestMail,
  testMailInput,
  type TestMailDeps,
  type TestMailLimits,
  type TestMailVerdict,
} from './mails/send-test-mail.ts';
export type { Stored } from './notice-warnings.ts';
export type { Refusal } from './refusal.ts';
export {
  isMet,
  type Line,
  type LineWriteResult,
  type Precondition,
  type SettingsRepository,
  type WriteResult,
} from './settings-repository.ts';
