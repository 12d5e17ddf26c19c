import { z } from 'zod';
import { EVENT_TYPES, type CallEvent, type FaxEvent, type Party } from '#events';
import {
  addProblem,
  callNoticeInput,
  decide,
  DEFAULT_DEADLINES,
  parseCallerNumber,
  parseSubscriberNumber,
  readDocument,
  telephoneNumber,
  type CallNotice,
  type Decision,
  type NoticeInputRules,
} from '#rules';
import { noticeRules, type SettingsDeps } from './edit-section.ts';
import { invalid, notFound, type Invalid, type NotFound } from './refusal.ts';

const call = EVENT_TYPES['call.v1'].schema.shape;
const fax = EVENT_TYPES['fax.v1'].schema.shape;

/** 110, 118, 119 and the like ring, too. */
const SERVICE_NUMBER = /^1\d\d$/;
const caller = telephoneNumber((text) =>
  SERVICE_NUMBER.test(text) ? { ok: true, number: text } : parseCallerNumber(text),
);

const party: z.ZodType<Party> = z
  .strictObject({ number: caller.exactOptional(), withheld: call.caller.shape.withheld })
  .transform(({ number, withheld }, context) => {
    if (number !== undefined && withheld === undefined) return { number };
    if (number === undefined && withheld !== undefined) return { withheld };
    const message = 'expected one of number and withheld, and not both';
    addProblem(context, { code: 'one-of', message });
    return z.NEVER;
  });

/** The only number that a dry run can be about. */
const onlyNumber = (number: string): z.ZodType<string> =>
  telephoneNumber(parseSubscriberNumber).superRefine((given, context) => {
    if (given === number) return;
    addProblem(context, { code: 'other-number', message: 'expected the number of the path, or nothing' });
  });

const callInput = (number: string) =>
  z.strictObject({
    calledNumber: onlyNumber(number).exactOptional(),
    caller: party,
    ringSeconds: call.ringSeconds.default(0),
    outcome: call.outcome,
    refusedBy: call.refusedBy,
    forwarding: call.forwarding,
  });

const faxInput = (number: string) =>
  z.strictObject({
    calledNumber: onlyNumber(number).exactOptional(),
    sender: party,
    pages: fax.pages.default(1),
    complete: fax.complete.default(true),
    documentId: fax.documentId.default('dry-run'),
  });

type TriedCall = z.output<ReturnType<typeof callInput>>;
type TriedFax = z.output<ReturnType<typeof faxInput>>;

const documentOf = <Tried>(
  event: z.ZodType<Tried>,
  rules: NoticeInputRules,
): z.ZodType<{ event: Tried; settings?: CallNotice }> =>
  z.strictObject({ event, settings: callNoticeInput(rules).exactOptional() });

/**
 * The document of a dry run (V7) for a number: a `call.v1`, or a `fax.v1`, which has a `sender`; without what follows
 * from the number and the time. Only `caller` and `outcome`, or `sender`, must be there. `settings`: a call notice that
 * is not saved.
 */
export function dryRunInput(
  number: string,
  rules: NoticeInputRules,
): z.ZodType<{ event: TriedCall | TriedFax; settings?: CallNotice }> {
  return documentOf(z.union([callInput(number), faxInput(number)]), rules);
}

/** What a dry run answers. */
export interface DryRun extends Pick<Decision, 'reason' | 'recipients'> {
  readonly ok: true;
}

/**
 * What would happen if somebody rang now (V7): the decision of the rules themselves, by what is stored, with a call
 * notice that is not saved in its place if the document has one. Sends nothing, stores nothing.
 */
export async function dryRun(
  { repository, brands }: SettingsDeps,
  numberText: string,
  document: unknown,
): Promise<DryRun | NotFound | Invalid> {
  const number = parseSubscriberNumber(numberText);
  const stored = number.ok ? await repository.getNumber(number.number) : undefined;
  if (!stored) return notFound('number');
  const rules = noticeRules(brands, stored.brand, stored.callNotice);
  // The kind is looked up first, so that what is wrong is said of that one alone.
  const event = isFax(document) ? faxInput(stored.number) : callInput(stored.number);
  const read = readDocument<{ event: TriedCall | TriedFax; settings?: CallNotice }>(
    documentOf<TriedCall | TriedFax>(event, rules),
    document,
  );
  if (!read.ok) return invalid(read.errors);
  const settings = { ...stored, callNotice: read.value.settings ?? stored.callNotice };
  const known = { numbers: new Map([[stored.number, settings]]), lines: new Map() };
  const { reason, recipients } = decide(
    asEvent(read.value.event, stored),
    known,
    NOW,
    () => DEFAULT_DEADLINES,
  );
  return { ok: true, reason, recipients };
}

/** Only how long ago it was counts, and that is nothing. */
const NOW = 0;

function isFax(document: unknown): boolean {
  const { event } = Object(document) as { readonly event?: unknown };
  return typeof event === 'object' && event !== null && 'sender' in event;
}

function asEvent(
  tried: TriedCall | TriedFax,
  { number: calledNumber, lineNumber }: { readonly number: string; readonly lineNumber: string },
): CallEvent | FaxEvent {
  const where = { source: 'dry-run', id: 'dry-run', at: NOW, lineNumber, calledNumber };
  return 'sender' in tried ? { kind: 'fax', ...tried, ...where } : { kind: 'call', ...tried, ...where };
}
