import { z } from 'zod';
import { checkDuplicates, checkMost, telephoneNumber } from './input-checks.ts';
import { needsRecipient, recipientsInput, storedRecipients, type NoticeInputRules } from './recipients.ts';
import { parseCallerNumber } from './telephone-number.ts';

/** A caller the subscriber wants to hear about, with its 指定 checkbox. */
interface TargetCaller {
  readonly number: string;
  readonly enabled: boolean;
}

const storedTargetCallers: z.ZodType<readonly TargetCaller[]> = z.array(
  z.looseObject({ number: z.string(), enabled: z.boolean() }),
);

/** Each field as it is stored, with its default. */
const fields = {
  enabled: z.boolean().default(false),
  targetCallersOnly: z.boolean().default(false),
  unansweredOnly: z.boolean().default(false),
  recipients: storedRecipients.default(() => []),
  targetCallers: storedTargetCallers.default(() => []),
};

/** The call notice of a number (C1–C6). */
export type CallNotice = Readonly<z.output<z.ZodObject<typeof fields>>>;

/** A call notice as it is stored; what was not written is off and empty. */
export const storedCallNotice = z.looseObject(fields);

/** The call notice of a number before anybody writes one. */
export const EMPTY_CALL_NOTICE: CallNotice = storedCallNotice.parse({});

/** The document of a call notice as it is written (C1–C5); returned with its numbers normalised. */
export function callNoticeInput(rules: NoticeInputRules): z.ZodType<CallNotice> {
  const target = z.strictObject({ number: telephoneNumber(parseCallerNumber), enabled: z.boolean() });
  return z
    .strictObject({
      enabled: z.boolean(),
      targetCallersOnly: z.boolean(),
      unansweredOnly: z.boolean(),
      recipients: recipientsInput(rules),
      targetCallers: z.array(target).superRefine((targets, context) => {
        checkMost(rules.limits.targetCallers, targets, context);
        checkDuplicates(targets, ({ number }) => number, ['number'], context);
      }),
    })
    .superRefine(needsRecipient);
}
