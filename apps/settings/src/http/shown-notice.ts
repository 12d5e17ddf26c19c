import type { Recipient } from '#rules';
import type { Stored } from '#settings';

/** A recipient as it is read back: an address that would not be accepted anew says why (C13). */
export type ShownRecipient = Recipient & { readonly warning?: string };

/** A notice as the API answers it, each warning beside its address. */
export function shownNotice<N extends { readonly recipients: readonly Recipient[] }>({
  value,
  warnings,
}: Pick<Stored<N>, 'value' | 'warnings'>): Omit<N, 'recipients'> & {
  readonly recipients: readonly ShownRecipient[];
} {
  const recipients = value.recipients.map((one, index) => {
    const kept = warnings.filter(({ path }) => path === `recipients.${index}.address`);
    if (kept.length === 0) return one;
    return {
      ...one,
      warning: `kept from earlier years: ${kept.map(({ message }) => message).join('; ')}`,
    };
  });
  return { ...value, recipients };
}
