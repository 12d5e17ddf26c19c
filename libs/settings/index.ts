export { deleteLine, readFaultNotice, readLine, writeFaultNotice, writeLine } from './edit-line.ts';
export {
  noticeRules,
  readSection,
  writeSection,
  type BrandLimits,
  type Edit,
  type SettingsDeps,
} from './edit-section.ts';
export { accessMailInput } from './mails/access-mail-input.ts';
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
  type Versioned,
  type WriteResult,
} from './settings-repository.ts';
