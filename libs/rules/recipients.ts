import { z } from 'zod';
import { addressKey, parseAddress } from './address.ts';
import { addProblem, checkDuplicates, checkMost } from './input-checks.ts';
import type { SettingsLimits } from './settings-limits.ts';

/** An address that a notice goes to, with its 送信 checkbox. */
export interface Recipient {
  readonly address: string;
  readonly enabled: boolean;
}

/** The rules that a notice's input is checked against. */
export interface NoticeInputRules {
  /** At least what is stored already, where the brand's limits have become smaller (`limitsBeside`). */
  readonly limits: SettingsLimits;
  /** Whether an address that is not accepted anew is already stored here, and so may be kept (C13). */
  readonly isStored: (address: string) => boolean;
}

/** The recipients of a notice as they are stored. */
export const storedRecipients: z.ZodType<readonly Recipient[]> = z.array(
  z.looseObject({ address: z.string(), enabled: z.boolean() }),
);

/**
 * The recipients of a notice as they are written (C2, C13). `warning` is the note shown with a legacy address; clients
 * may send it back, and it is not stored.
 */
export function recipientsInput({ limits, isStored }: NoticeInputRules): z.ZodType<readonly Recipient[]> {
  const recipient = z
    .strictObject({
      address: recipientAddress(isStored),
      enabled: z.boolean(),
      warning: z.string().optional(),
    })
    .transform(({ address, enabled }) => ({ address, enabled }));
  return z.array(recipient).superRefine((boxes, context) => {
    checkMost(limits.recipients, boxes, context);
    checkDuplicates(boxes, ({ address }) => addressKey(address), ['address'], context);
  });
}

/** C3: refuses a notice that is on and has no recipient. */
export function needsRecipient(
  notice: { readonly enabled: boolean; readonly recipients: readonly Recipient[] },
  context: z.RefinementCtx,
): void {
  if (!notice.enabled || notice.recipients.length > 0) return;
  const message = 'a service can be started only when it has a recipient';
  addProblem(context, { code: 'recipient-required', message }, ['recipients']);
}

function recipientAddress(isStored: NoticeInputRules['isStored']): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    const parsed = parseAddress(text);
    if (!parsed.ok) for (const problem of parsed.problems) addProblem(context, problem);
    else if (!isStored(text)) for (const problem of parsed.legacy ?? []) addProblem(context, problem);
  });
}
