import { z } from 'zod';
import { needsRecipient, recipientsInput, storedRecipients, type NoticeInputRules } from './recipients.ts';

/** Each field as it is stored, with its default. */
const fields = { enabled: z.boolean().default(false), recipients: storedRecipients.default(() => []) };

/** The FAX notice of a number (F1). */
export type FaxNotice = Readonly<z.output<z.ZodObject<typeof fields>>>;

/** A FAX notice as it is stored; what was not written is off and empty. */
export const storedFaxNotice = z.looseObject(fields);

/** The FAX notice of a number before anybody writes one. */
export const EMPTY_FAX_NOTICE: FaxNotice = storedFaxNotice.parse({});

/** The document of a FAX notice as it is written (F1). */
export function faxNoticeInput(rules: NoticeInputRules): z.ZodType<FaxNotice> {
  return z
    .strictObject({ enabled: z.boolean(), recipients: recipientsInput(rules) })
    .superRefine(needsRecipient);
}
