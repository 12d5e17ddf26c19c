export {
  isMet,
  type Line,
  type LineWriteResult,
  type Precondition,
  type SettingsRepository,
  type Versioned,
  type WriteResult,
} from './settings-repository.ts';
