/** Injection tokens of the controllers' dependencies. */
export const ACCESS = Symbol('AccessDeps');
export const BRANDS = Symbol('Brands');
export const FAXES = Symbol('FaxDeps');
export const HISTORY = Symbol('OutcomeHistory');
export const LOGGER = Symbol('Logger');
export const SETTINGS = Symbol('SettingsDeps');
export const UPLOADS = Symbol('Uploads');
export const TEST_MAILS = Symbol('TestMailDeps');
export const METRICS = Symbol('what the pages count');
