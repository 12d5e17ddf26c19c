/** What is handed to the controllers, by the name it is injected by. */
export const SETTINGS = Symbol('Settings');
export const REPOSITORY = Symbol('SettingsRepository');
export const BRANDS = Symbol('Brands');
export const SEND_ACCESS_MAIL = Symbol('SendAccessMail');
export const TEST_MAIL_LIMITS = Symbol('TestMailLimits');
export const IDEMPOTENCY_KEYS = Symbol('IdempotencyKeys');
export const CLOCK = Symbol('Clock');
export const OUTCOME_HISTORY = Symbol('OutcomeHistory');
export const KEEP_OUTCOMES = Symbol('KeepOutcomes');
export const LOGGER = Symbol('Logger');
