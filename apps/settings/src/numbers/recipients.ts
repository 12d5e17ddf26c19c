import type { Brands } from '#mail';
import { DEFAULT_SETTINGS_LIMITS, parseAddress, type Recipient, type SettingsLimits } from '#rules';

/** A recipient as it is read back: an address that would not be accepted anew says why (C13). */
export type ShownRecipient = Recipient & { readonly warning?: string };

/** Adds the warnings of C13. */
export function withWarnings<N extends { readonly recipients: readonly Recipient[] }>(
  notice: N,
): Omit<N, 'recipients'> & { readonly recipients: readonly ShownRecipient[] } {
  return { ...notice, recipients: notice.recipients.map((one) => ({ ...one, ...warning(one.address) })) };
}

function warning(address: string): { warning?: string } {
  const parsed = parseAddress(address);
  const problems = parsed.ok ? parsed.legacy : parsed.problems;
  return problems
    ? { warning: `kept from earlier years: ${problems.map(({ message }) => message).join('; ')}` }
    : {};
}

/** Whether an address is one of those that are stored already. */
export const storedIn =
  (recipients: readonly Recipient[]) =>
  (address: string): boolean =>
    recipients.some((one) => one.address === address);

/** How many of each a number of the brand may have. */
export function limitsOf(brands: Brands, brand: string): SettingsLimits {
  const own = brands.get(brand)?.limits ?? {};
  return {
    recipients: own.recipients ?? DEFAULT_SETTINGS_LIMITS.recipients,
    targetCallers: own.targetCallers ?? DEFAULT_SETTINGS_LIMITS.targetCallers,
    nuisanceCallers: own.nuisanceCallers ?? DEFAULT_SETTINGS_LIMITS.nuisanceCallers,
  };
}
