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

/** The limits of a brand: its own win over the defaults. */
export function limitsOfBrand(own: OwnLimits = {}): SettingsLimits {
  return {
    recipients: own.recipients ?? DEFAULT_SETTINGS_LIMITS.recipients,
    targetCallers: own.targetCallers ?? DEFAULT_SETTINGS_LIMITS.targetCallers,
    nuisanceCallers: own.nuisanceCallers ?? DEFAULT_SETTINGS_LIMITS.nuisanceCallers,
  };
}
