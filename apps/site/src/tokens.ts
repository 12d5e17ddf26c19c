/** Injection tokens of the controllers' dependencies. */
export const ACCESS = Symbol('AccessDeps');
export const BRANDS = Symbol('Brands');
export const LOGGER = Symbol('Logger');
