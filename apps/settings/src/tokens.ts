/** Injection tokens of the controllers' dependencies. */
export const SETTINGS = Symbol('Settings');
export const MAILS = Symbol('Mails');
export const REPOSITORY = Symbol('SettingsRepository');
export const OUTCOME_HISTORY = Symbol('OutcomeHistory');
export const KEEP_OUTCOMES = Symbol('KeepOutcomes');
export const KEEP_FAXES = Symbol('KeepFaxes');
export const ACCESS = Symbol('Access');
export const BRANDS = Symbol('Brands');
export const LOGGER = Symbol('Logger');
