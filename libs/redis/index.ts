export type {
  Line,
  NumberSection,
  NumberSections,
  Precondition,
  SettingsRepository,
  Versioned,
  WriteResult,
} from './settings/settings-repository.ts';
