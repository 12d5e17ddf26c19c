/** How many of each a number may have (C2, C4); a brand may set its own limits. */
export interface SettingsLimits {
  readonly recipients: number;
  readonly targetCallers: number;
  readonly nuisanceCallers: number;
}

export const DEFAULT_SETTINGS_LIMITS: SettingsLimits = {
  recipients: 5,
  targetCallers: 30,
  nuisanceCallers: 30,
};

/** The limits that a brand sets itself. */
export type OwnLimits = Readonly<Partial<Record<keyof SettingsLimits, number | undefined>>>;

/**
 * Limits for a part of settings that is stored already: as many as there are may stay, also where a limit has become
 * smaller, so that it holds up nothing else that is written with them.
 */
export function limitsBeside(limits: SettingsLimits, stored: object): SettingsLimits {
  const parts = new Map<string, unknown>(Object.entries(stored));
  const larger = (what: keyof SettingsLimits): number => {
    const list = parts.get(what);
    return Math.max(limits[what], Array.isArray(list) ? list.length : 0);
  };
  return {
    recipients: larger('recipients'),
    targetCallers: larger('targetCallers'),
    nuisanceCallers: larger('nuisanceCallers'),
  };
}

/** The limits of a brand: its own win over the defaults. */
export function limitsOfBrand(own: OwnLimits = {}): SettingsLimits {
  return {
    recipients: own.recipients ?? DEFAULT_SETTINGS_LIMITS.recipients,
    targetCallers: own.targetCallers ?? DEFAULT_SETTINGS_LIMITS.targetCallers,
    nuisanceCallers: own.nuisanceCallers ?? DEFAULT_SETTINGS_LIMITS.nuisanceCallers,
  };
}
