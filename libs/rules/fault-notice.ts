import { z } from 'zod';
import { lineOfText, MAX_NAME } from './input-checks.ts';
import { needsRecipient, recipientsInput, storedRecipients, type NoticeInputRules } from './recipients.ts';

const MAX_LOCATION = 200;

/** Each field as it is stored, with its default. */
const fields = {
  enabled: z.boolean().default(false),
  recipients: storedRecipients.default(() => []),
  contractorName: z.string().default(''),
  location: z.string().default(''),
  autoStartTransfer: z.boolean().default(false),
  autoStopTransfer: z.boolean().default(false),
};

/** The fault and recovery notice of a line (R1, R3). */
export type FaultNotice = Readonly<z.output<z.ZodObject<typeof fields>>>;

/** A fault notice as it is stored; what was not written is off and empty. */
export const storedFaultNotice = z.looseObject(fields);

/** The fault notice of a line before anybody writes one. */
export const EMPTY_FAULT_NOTICE: FaultNotice = storedFaultNotice.parse({});

/** The document of a line's fault notice as it is written (R1, R3). */
export function faultNoticeInput(rules: NoticeInputRules): z.ZodType<FaultNotice> {
  return z
    .strictObject({
      enabled: z.boolean(),
      recipients: recipientsInput(rules),
      contractorName: lineOfText(MAX_NAME),
      location: lineOfText(MAX_LOCATION),
      autoStartTransfer: z.boolean(),
      autoStopTransfer: z.boolean(),
    })
    .superRefine(needsRecipient);
}
