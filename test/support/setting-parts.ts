import fc from 'fast-check';
import type { Line } from '#access';
import {
  EMPTY_BULK_TRANSFER,
  EMPTY_CALL_NOTICE,
  EMPTY_FAULT_NOTICE,
  EMPTY_FAX_NOTICE,
  EMPTY_VOICE_WARP,
  waitsForAnswer,
  type BulkTransferSettings,
  type CallNotice,
  type FaultNotice,
  type ForwardingCondition,
  type Recipient,
  type SelectMode,
  type VoiceWarp,
} from '#rules';
import { someAddress, someCaller, someNumber } from '../../libs/rules/testing/valid-values.ts';

/** Everything that is set for two numbers of a line, by what the API calls it, before anybody has set it. */
export const EMPTY_DOCUMENTS = {
  'call-notice': EMPTY_CALL_NOTICE,
  'fax-notice': EMPTY_FAX_NOTICE,
  'fault-notice': EMPTY_FAULT_NOTICE,
  'voice-warp': EMPTY_VOICE_WARP,
  'bulk-transfer': EMPTY_BULK_TRANSFER,
};
export type SettingService = keyof typeof EMPTY_DOCUMENTS;

export const SETTING_SERVICES = Object.keys(EMPTY_DOCUMENTS) as SettingService[];

/** Where a service is set for a number, or for its line: by the API, and on the site. */
export interface Place {
  readonly service: SettingService;
  readonly api: string;
  readonly site: string;
}

/** The place of a service for a number of a line. */
export function placeOf({ lineNumber }: Line, number: string, service: SettingService): Place {
  const isOfLine = service === 'fault-notice' || service === 'bulk-transfer';
  return isOfLine
    ? { service, api: `/v1/lines/${lineNumber}/${service}`, site: `/line/${service}` }
    : { service, api: `/v1/numbers/${number}/${service}`, site: `/numbers/${number}/${service}` };
}

/** What one page of the site sets of a document. */
export interface Part<D, V> {
  /** What a person may want. */
  readonly some: fc.Arbitrary<V>;
  /** The document with that in it. */
  change(document: D, wanted: V, numbers: readonly string[]): D;
  /** What stands in the page's fields then, by their names; empty ones and empty boxes left out. */
  fields(document: D, numbers: readonly string[]): Readonly<Record<string, string>>;
}

/** Started without what a start needs: recipients (C3), a destination in use (V3), a destination (V2). */
export function lacksSomething(document: unknown): boolean {
  const { enabled, recipients, destinations, destination } = document as Partial<CallNotice & VoiceWarp>;
  if (enabled !== true) return false;
  if (recipients) return recipients.length === 0;
  if (destination !== undefined) return destinations?.[destination - 1] === null;
  return Object.keys(destinations ?? {}).length === 0;
}

const box = (isOn: boolean): string => (isOn ? 'on' : '');
const rows = (name: string, values: readonly (string | null)[]): [string, string][] =>
  values.map((value, index) => [`${name}${index + 1}`, value ?? '']);
const filled = (pairs: readonly (readonly [string, string])[]): Record<string, string> =>
  Object.fromEntries(pairs.filter(([, value]) => value !== ''));

const someCallers = fc.uniqueArray(someCaller, { maxLength: 4 });
const someRecipients: fc.Arbitrary<Recipient[]> = fc.uniqueArray(
  fc.record({ address: someAddress, enabled: fc.boolean() }),
  { maxLength: 5, selector: ({ address }) => address.toLowerCase(), size: 'max' },
);

type Notice = { readonly enabled: boolean; readonly recipients: readonly Recipient[] };

const recipients: Part<Notice, Recipient[]> = {
  some: someRecipients,
  change: (document, wanted) => ({ ...document, recipients: wanted }),
  fields: ({ recipients: all }) =>
    filled([
      ...rows(
        'address',
        all.map(({ address }) => address),
      ),
      ...rows(
        'send',
        all.map(({ enabled }) => box(enabled)),
      ),
    ]),
};

/** Mostly on: what is off acts on nothing. */
const someStart = fc.constantFrom(true, true, true, false);

/** Radios 開始 and 停止 for a field of a document. */
const startOf = (key: string): Part<object, boolean> => ({
  some: someStart,
  change: (document, wanted) => ({ ...document, [key]: wanted }),
  fields: (document) => ({ [key]: (document as Record<string, unknown>)[key] === true ? 'on' : 'off' }),
});

const conditions: Part<CallNotice, Pick<CallNotice, 'targetCallersOnly' | 'unansweredOnly'>> = {
  some: fc.record({ targetCallersOnly: fc.boolean(), unansweredOnly: fc.boolean() }),
  change: (document, wanted) => ({ ...document, ...wanted }),
  fields: ({ targetCallersOnly, unansweredOnly }) =>
    filled([
      ['targetCallersOnly', box(targetCallersOnly)],
      ['unansweredOnly', box(unansweredOnly)],
    ]),
};

const targetCallers: Part<CallNotice, CallNotice['targetCallers']> = {
  some: fc.uniqueArray(fc.record({ number: someCaller, enabled: fc.boolean() }), {
    maxLength: 4,
    selector: ({ number }) => number,
  }),
  change: (document, wanted) => ({ ...document, targetCallers: wanted }),
  fields: ({ targetCallers: all }) =>
    filled([
      ...rows(
        'caller',
        all.map(({ number }) => number),
      ),
      ...rows(
        'chosen',
        all.map(({ enabled }) => box(enabled)),
      ),
    ]),
};

const words = fc.constantFrom('', '山田商店', '本店 1階', '<b>"Q&A"</b>', "=1+1'", '👩‍👩‍👧‍👦の店');
const mailText: Part<FaultNotice, Pick<FaultNotice, 'contractorName' | 'location'>> = {
  some: fc.record({ contractorName: words, location: words }),
  change: (document, wanted) => ({ ...document, ...wanted }),
  fields: ({ contractorName, location }) =>
    filled([
      ['contractorName', contractorName],
      ['location', location],
    ]),
};

const CONDITIONS: readonly ForwardingCondition[] = [
  'unconditional',
  'no-answer',
  'busy',
  'no-answer-or-busy',
];
/** What the page proposes where nothing is set. */
const USUAL_RING_SECONDS = 20;

const forwarding: Part<VoiceWarp, { enabled: boolean; condition: ForwardingCondition; ringSeconds: number }> =
  {
    some: fc.record({
      enabled: someStart,
      condition: fc.constantFrom(...CONDITIONS),
      ringSeconds: fc.integer({ min: 5, max: 60 }),
    }),
    change: ({ ringSeconds: _before, ...others }, { ringSeconds, ...wanted }) => ({
      ...others,
      ...wanted,
      ...(waitsForAnswer(wanted.condition) && { ringSeconds }),
    }),
    fields: ({ enabled, condition, ringSeconds = USUAL_RING_SECONDS }) => ({
      enabled: enabled ? 'on' : 'off',
      condition,
      ringSeconds: String(ringSeconds),
    }),
  };

const destinations: Part<VoiceWarp, Pick<VoiceWarp, 'destinations' | 'destination'>> = {
  some: fc.record({
    destinations: fc.array(fc.option(someNumber), { minLength: 4, maxLength: 4 }),
    destination: fc.integer({ min: 1, max: 4 }),
  }),
  change: (document, wanted) => ({ ...document, ...wanted }),
  fields: ({ destinations: all, destination }) => ({
    ...filled(rows('destination', all)),
    inUse: String(destination),
  }),
};

const select: Part<VoiceWarp, SelectMode> = {
  some: fc.constantFrom('off', 'forward-listed', 'ring-listed'),
  change: (document, mode) => ({ ...document, select: { ...document.select, mode } }),
  fields: (document) => ({ mode: document.select.mode }),
};

const selectList: Part<VoiceWarp, string[]> = {
  some: someCallers,
  change: (document, callers) => ({ ...document, select: { ...document.select, callers } }),
  fields: (document) => filled(rows('caller', document.select.callers)),
};

const transferDestinations: Part<BulkTransferSettings, (string | null)[]> = {
  some: fc.array(fc.option(someNumber), { minLength: 2, maxLength: 2 }),
  change: (document, wanted, numbers) => ({
    ...document,
    destinations: filled(numbers.map((number, index) => [number, wanted[index] ?? ''])),
  }),
  fields: (document) => filled(Object.entries(document.destinations).map(([from, to]) => [`to-${from}`, to])),
};

/** Every page that sets something, by its path below its number or line. */
export const PARTS: Readonly<Record<string, Part<unknown, unknown>>> = {
  'call-notice/recipients': recipients,
  'call-notice/service': startOf('enabled'),
  'call-notice/conditions': conditions,
  'call-notice/target-callers': targetCallers,
  'fax-notice/recipients': recipients,
  'fax-notice/service': startOf('enabled'),
  'fault-notice/recipients': recipients,
  'fault-notice/service': startOf('enabled'),
  'fault-notice/mail-text': mailText,
  'fault-notice/auto-start': startOf('autoStartTransfer'),
  'fault-notice/auto-stop': startOf('autoStopTransfer'),
  'voice-warp/service': forwarding,
  'voice-warp/destinations': destinations,
  'voice-warp/select': select,
  'voice-warp/select-list': selectList,
  'bulk-transfer/service': startOf('enabled'),
  'bulk-transfer/destinations': transferDestinations,
};
