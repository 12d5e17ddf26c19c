import { z } from 'zod';
import { addressKey, parseAddress } from './address.ts';
import type { CallNotice, FaultNotice, FaxNotice, LineSettings, Screening } from './settings.ts';
import { parseCallerNumber, parseSubscriberNumber, type ParsedNumber } from './telephone-number.ts';
import type { TextProblem } from './text-problem.ts';

/** How many of each a number may have (C2, C4); a brand may say otherwise. */
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

/** What a notice's recipients are checked against. */
export interface NoticeInputRules {
  readonly limits: SettingsLimits;
  /** Whether an address that is not accepted anew is already stored here, and so may be kept (C13). */
  readonly isStored: (address: string) => boolean;
}

/** What a line is checked against: its own number, from the path, and the brands there are. */
export interface LineInputRules {
  readonly lineNumber: string;
  readonly brands: readonly string[];
}

const MAX_NAME = 100;
const MAX_LOCATION = 200;
/** Control characters, line ends, halves of surrogate pairs, and what turns the direction of writing: none belongs into a mail's line. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

/** The document of a call notice as it is written (C1–C5); gives it with its numbers normalised. */
export function callNoticeInput({ limits, isStored }: NoticeInputRules): z.ZodType<CallNotice> {
  const target = z.strictObject({ number: telephoneNumber(parseCallerNumber), enabled: z.boolean() });
  return z
    .strictObject({
      enabled: z.boolean(),
      targetCallersOnly: z.boolean(),
      unansweredOnly: z.boolean(),
      recipients: recipients(limits.recipients, isStored),
      targetCallers: z.array(target).superRefine((targets, context) => {
        checkMost(limits.targetCallers, targets, context);
        checkDuplicates(targets, ({ number }) => number, ['number'], context);
      }),
    })
    .superRefine(needsRecipient);
}

/** The document of a FAX notice as it is written (F1). */
export function faxNoticeInput({ limits, isStored }: NoticeInputRules): z.ZodType<FaxNotice> {
  return z
    .strictObject({ enabled: z.boolean(), recipients: recipients(limits.recipients, isStored) })
    .superRefine(needsRecipient);
}

/** The document of a line's fault notice as it is written (R1, R3). */
export function faultNoticeInput({ limits, isStored }: NoticeInputRules): z.ZodType<FaultNotice> {
  return z
    .strictObject({
      enabled: z.boolean(),
      recipients: recipients(limits.recipients, isStored),
      contractorName: lineOfText(MAX_NAME),
      location: lineOfText(MAX_LOCATION),
      autoStartTransfer: z.boolean(),
      autoStopTransfer: z.boolean(),
    })
    .superRefine(needsRecipient);
}

/** The document of a number's screening as it is written (C7, C8). */
export function screeningInput(limits: SettingsLimits): z.ZodType<Screening> {
  return z.strictObject({
    nuisanceCallers: z.array(telephoneNumber(parseCallerNumber)).superRefine((callers, context) => {
      checkMost(limits.nuisanceCallers, callers, context);
      checkDuplicates(callers, (caller) => caller, [], context);
    }),
    numberRequest: z.boolean(),
  });
}

/** The document that makes a line and its numbers known; its own number is one of them, whether named or not. */
export function lineInput({
  lineNumber,
  brands,
}: LineInputRules): z.ZodType<Omit<LineSettings, 'faultNotice'>> {
  return z
    .strictObject({
      brand: z.string().superRefine((brand, context) => {
        if (brands.includes(brand)) return;
        addProblem(context, { code: 'brand-unknown', message: `expected one of ${brands.join(', ')}` });
      }),
      numbers: z.array(telephoneNumber(parseSubscriberNumber)).superRefine((numbers, context) => {
        checkDuplicates(numbers, (number) => number, [], context);
      }),
      contractor: lineOfText(MAX_NAME),
    })
    .transform(({ numbers, ...line }) => ({
      lineNumber,
      ...line,
      numbers: numbers.includes(lineNumber) ? numbers : [lineNumber, ...numbers],
    }));
}

/** `warning` is what a kept address of earlier years is read back with; it may come back, and is not stored. */
function recipients(
  most: number,
  isStored: NoticeInputRules['isStored'],
): z.ZodType<CallNotice['recipients']> {
  const recipient = z
    .strictObject({
      address: recipientAddress(isStored),
      enabled: z.boolean(),
      warning: z.string().optional(),
    })
    .transform(({ address, enabled }) => ({ address, enabled }));
  return z.array(recipient).superRefine((boxes, context) => {
    checkMost(most, boxes, context);
    checkDuplicates(boxes, ({ address }) => addressKey(address), ['address'], context);
  });
}

function recipientAddress(isStored: NoticeInputRules['isStored']): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    const parsed = parseAddress(text);
    if (!parsed.ok) for (const problem of parsed.problems) addProblem(context, problem);
    else if (!isStored(text)) for (const problem of parsed.legacy ?? []) addProblem(context, problem);
  });
}

function telephoneNumber(parse: (text: string) => ParsedNumber): z.ZodType<string> {
  return z.string().transform((text, context) => {
    const parsed = parse(text);
    if (parsed.ok) return parsed.number;
    for (const problem of parsed.problems) addProblem(context, problem);
    return z.NEVER;
  });
}

function lineOfText(most: number): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    if (text.length > most)
      addProblem(context, { code: 'text-length', message: `at most ${most} characters, got ${text.length}` });
    const index = text.search(UNPRINTABLE);
    if (index < 0) return;
    const message = `expected one line of visible text, got a control character at position ${index + 1}`;
    addProblem(context, { code: 'text-character', message });
  });
}

function needsRecipient(notice: FaxNotice, context: z.RefinementCtx): void {
  if (!notice.enabled || notice.recipients.length > 0) return;
  const message = 'a service can be started only when it has a recipient';
  addProblem(context, { code: 'recipient-required', message }, ['recipients']);
}

function checkMost(most: number, items: readonly unknown[], context: z.RefinementCtx): void {
  if (items.length <= most) return;
  addProblem(context, { code: 'too-many', message: `at most ${most}, got ${items.length}` });
}

function checkDuplicates<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  field: readonly string[],
  context: z.RefinementCtx,
): void {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const first = seen.get(keyOf(item));
    if (first === undefined) seen.set(keyOf(item), index);
    else
      addProblem(context, { code: 'duplicate', message: `the same as entry ${first + 1}` }, [
        index,
        ...field,
      ]);
  }
}

function addProblem(context: z.RefinementCtx, problem: TextProblem, path: PropertyKey[] = []): void {
  context.addIssue({ code: 'custom', message: problem.message, params: { code: problem.code }, path });
}
