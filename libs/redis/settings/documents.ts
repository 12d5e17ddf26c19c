import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import {
  EMPTY_CALL_NOTICE,
  EMPTY_FAULT_NOTICE,
  EMPTY_FAX_NOTICE,
  EMPTY_SCREENING,
  emptyNumberSettings,
  offUnlessContracted,
  storedCallNotice,
  storedLineSettings,
  storedNumberSettings,
  storedReader,
  type CallNotice,
  type ContractedServices,
  type FaultNotice,
  type LineSettings,
  type NumberSection,
  type NumberSettings,
} from '#rules';
import {
  bulkTransferState,
  numberOfPlace,
  voiceWarpState,
  type Line,
  type SwitchPlace,
  type SwitchState,
} from '#settings';
import { broken, masked, newVersion, parseJson } from '../stored-text.ts';

/** A number as stored: its settings, and the version of each section. */
export interface NumberDocument {
  readonly settings: NumberSettings;
  readonly versions: Readonly<Record<Exclude<NumberSection, 'voiceWarp'>, string>> & {
    readonly voiceWarp?: string;
  };
  /** A new value where a write changes nothing else, so that another write in progress conflicts with it. */
  readonly touched?: string;
  /** What an edit of many numbers makes of its call notice, once that is committed; see `edit-together.ts`. */
  readonly prepared?: { readonly edit: string; readonly version: string; readonly callNotice: CallNotice };
}

/**
 * A line as stored. `settings` is null until first fully written, and while it is being removed.
 * `change` names a write in progress, and every number whose document it may touch: a number's document that names
 * this line counts only if the line lists the number here or in its settings.
 */
export interface LineDocument {
  readonly settings: LineSettings | null;
  readonly versions: { readonly line: string; readonly faultNotice: string; readonly bulkTransfer?: string };
  readonly change?: { readonly id: string; readonly numbers: readonly string[] };
}

/** The version of a part that was stored before it had versions. New versions are longer. */
const FIRST_VERSION = '0';

const version = z.string().default(FIRST_VERSION);

const storedNumber: z.ZodType<NumberDocument> = z.looseObject({
  settings: storedNumberSettings,
  versions: z.looseObject({
    callNotice: version,
    faxNotice: version,
    screening: version,
    voiceWarp: z.string().exactOptional(),
  }),
  touched: z.string().exactOptional(),
  prepared: z
    .looseObject({ edit: z.string(), version: z.string(), callNotice: storedCallNotice })
    .exactOptional(),
});

const besideLine = {
  versions: z.looseObject({ line: version, faultNotice: version, bulkTransfer: z.string().exactOptional() }),
  change: z.looseObject({ id: z.string(), numbers: z.array(z.string()) }).exactOptional(),
};
const storedLine: z.ZodType<LineDocument> = z.looseObject({ settings: storedLineSettings, ...besideLine });
const storedWithoutSettings: z.ZodType<LineDocument> = z.looseObject({ settings: z.null(), ...besideLine });

const readNumber = storedReader(storedNumber);
const readLine = storedReader(storedLine);
const readWithoutSettings = storedReader(storedWithoutSettings);

/**
 * The version of a part. What release 0.1.0 did not know has none in its documents: the reader of events takes them as
 * they are, without a default.
 */
export function versionOf(versions: Readonly<Record<string, string | undefined>>, part: string): string {
  return versions[part] ?? FIRST_VERSION;
}

/** A number without settings yet: everything off and empty, and what its line says is contracted for it. */
export function newNumber(
  number: string,
  { lineNumber, brand, services }: Pick<Line, 'lineNumber' | 'brand' | 'services'>,
): NumberDocument {
  return {
    settings: withServices(emptyNumberSettings({ number, lineNumber, brand }), services),
    versions: {
      callNotice: newVersion(),
      faxNotice: newVersion(),
      screening: newVersion(),
      voiceWarp: newVersion(),
    },
  };
}

/** The settings of a number with its copy of what its line says is contracted, by which events are decided (A13). */
function withServices(
  { services: _services, ...settings }: NumberSettings,
  contracted: ContractedServices | undefined,
): NumberSettings {
  const services = contracted?.[settings.number];
  return services ? { ...settings, services } : settings;
}

/**
 * A number that stays, under the brand and what is contracted now: its settings stay too, but its call forwarding is off
 * where it was not contracted all the time.
 */
export function keptNumber(
  document: NumberDocument,
  { brand, services }: Pick<Line, 'brand' | 'services'>,
): NumberDocument {
  const settings = withServices({ ...document.settings, brand }, services);
  const { voiceWarp: had } = settings;
  if (!had) return { ...document, settings };
  const voiceWarp = offUnlessContracted(had, 'voice-warp', [document.settings.services, settings.services]);
  if (voiceWarp === had) return { ...document, settings };
  const versions = { ...document.versions, voiceWarp: newVersion() };
  return { ...document, settings: { ...settings, voiceWarp }, versions };
}

/** Whether a number is among those whose document may name this line. */
export function isNumberOf({ settings, change }: LineDocument, number: string): boolean {
  return (settings?.numbers.includes(number) || change?.numbers.includes(number)) ?? false;
}

/** Every number whose document may name this line. */
export function numbersOf({ settings, change }: LineDocument): string[] {
  return [...new Set([...(settings?.numbers ?? []), ...(change?.numbers ?? [])])];
}

/** The fault notice of a line without one yet, with its first version. */
export function newFaultNotice(): { readonly value: FaultNotice; readonly version: string } {
  return { value: EMPTY_FAULT_NOTICE, version: newVersion() };
}

/** Reads a number's document, also one of an earlier version; throws `DOCUMENT_BROKEN`. */
export function parseNumber(text: string, number: string): NumberDocument {
  const what = `the document of number ${masked(number)}`;
  const document = readNumber(parseJson(text, what));
  if (document?.settings.number !== number) throw broken(what);
  return document;
}

/** Reads a line's document, also one of an earlier version; throws `DOCUMENT_BROKEN`. */
export function parseLine(text: string, lineNumber: string): LineDocument {
  const what = `the document of line ${masked(lineNumber)}`;
  const value = parseJson(text, what);
  const document = readLine(value) ?? readWithoutSettings(value);
  if (!document || (document.settings && document.settings.lineNumber !== lineNumber)) throw broken(what);
  return document;
}

/**
 * A number's document as it is stored: what is off and empty is left out, because every reader, also the last release's,
 * puts that in its place.
 */
export function numberText({ settings, ...beside }: NumberDocument): string {
  return JSON.stringify({
    settings: {
      ...settings,
      callNotice: written(settings.callNotice, EMPTY_CALL_NOTICE),
      faxNotice: written(settings.faxNotice, EMPTY_FAX_NOTICE),
      screening: written(settings.screening, EMPTY_SCREENING),
    },
    ...beside,
  });
}

/** A line's document as it is stored, likewise. */
export function lineText({ settings, ...beside }: LineDocument): string {
  return JSON.stringify({
    settings: settings && {
      ...settings,
      contractor: settings.contractor || undefined,
      faultNotice: written(settings.faultNotice, EMPTY_FAULT_NOTICE),
    },
    ...beside,
  });
}

/** What is in a part beside what an empty one has; `undefined`: nothing. Fields of a newer program stay. */
function written<T extends object>(part: T, empty: T): object | undefined {
  const fields = Object.entries(part).filter(
    ([name, value]) => !isDeepStrictEqual(value, empty[name as keyof T]),
  );
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

/** What the switch shall know of a place by the text of its document (null: there is none); throws `DOCUMENT_BROKEN`. */
export function switchStateIn(place: SwitchPlace, text: string | null): SwitchState {
  const number = numberOfPlace(place);
  if (place.startsWith('voice-warp:'))
    return voiceWarpState(text === null ? undefined : parseNumber(text, number).settings);
  return bulkTransferState((text === null ? undefined : parseLine(text, number).settings) ?? undefined);
}
