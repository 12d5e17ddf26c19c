/** What is handed to the controllers, by the name it is injected by. */
export const SETTINGS = Symbol('Settings');
export const MAILS = Symbol('Mails');
export const REPOSITORY = Symbol('SettingsRepository');
export const OUTCOME_HISTORY = Symbol('OutcomeHistory');
export const KEEP_OUTCOMES = Symbol('KeepOutcomes');
export const LOGGER = Symbol('Logger');
