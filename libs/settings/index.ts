export { deleteLine, readFaultNotice, readLine, writeFaultNotice, writeLine } from './edit-line.ts';
export {
  noticeRules,
  readSection,
  writeSection,
  type BrandLimits,
  type Edit,
  type SettingsDeps,
} from './edit-section.ts';
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
