import { z } from 'zod';
import { callNoticeInput, EMPTY_CALL_NOTICE, storedCallNotice, type CallNotice } from './call-notice.ts';
import { EMPTY_FAX_NOTICE, faxNoticeInput, storedFaxNotice, type FaxNotice } from './fax-notice.ts';
import type { NoticeInputRules } from './recipients.ts';
import { EMPTY_SCREENING, screeningInput, storedScreening, type Screening } from './screening.ts';
import { SERVICES, type Service } from './services.ts';
import { EMPTY_VOICE_WARP, storedVoiceWarp, voiceWarpInput, type VoiceWarp } from './voice-warp.ts';

/** The parts of a number's settings that are read and written on their own. */
export interface NumberSections {
  readonly callNotice: CallNotice;
  readonly faxNotice: FaxNotice;
  readonly screening: Screening;
  readonly voiceWarp: VoiceWarp;
}
export type NumberSection = keyof NumberSections;

/** The document of one number: all that the rules need to know of it in one read. */
export interface NumberSettings extends Omit<NumberSections, 'voiceWarp'> {
  readonly number: string;
  readonly lineNumber: string;
  readonly brand: string;
  /** What the line's document says is contracted for this number (A13); absent: everything. */
  readonly services?: readonly Service[];
  /** Absent until it is set: no event needs it. */
  readonly voiceWarp?: VoiceWarp;
}

/**
 * A number's settings as they are stored; what was not written is off and empty, so that a document of an earlier
 * version still reads. Unknown fields are kept: a newer program may have written them, and our writes must not lose
 * them.
 */
export const storedNumberSettings: z.ZodType<NumberSettings> = z.looseObject({
  number: z.string(),
  lineNumber: z.string(),
  brand: z.string(),
  callNotice: storedCallNotice.default(EMPTY_CALL_NOTICE),
  faxNotice: storedFaxNotice.default(EMPTY_FAX_NOTICE),
  screening: storedScreening.default(EMPTY_SCREENING),
  services: z.array(z.enum(SERVICES)).exactOptional(),
  voiceWarp: storedVoiceWarp.exactOptional(),
});

/** The settings of a number before anybody sets something: everything off and empty. */
export function emptyNumberSettings(
  named: Pick<NumberSettings, 'number' | 'lineNumber' | 'brand'>,
): NumberSettings {
  return storedNumberSettings.parse(named);
}

/** A section of a number's settings. */
export function sectionOf<S extends NumberSection>(settings: NumberSettings, section: S): NumberSections[S] {
  const sections: NumberSections = { ...settings, voiceWarp: settings.voiceWarp ?? EMPTY_VOICE_WARP };
  return sections[section];
}

/** The rules that a section's input is checked against: those of a notice, and whose section it is. */
export interface SectionInputRules extends NoticeInputRules {
  readonly number: string;
}

/** The service that each section sets (A13). Screening is told to us and set elsewhere, so it is of none. */
export const SECTION_SERVICES: Readonly<Record<NumberSection, Service | undefined>> = {
  callNotice: 'call-notice',
  faxNotice: 'fax-notice',
  screening: undefined,
  voiceWarp: 'voice-warp',
};

/** The document of each section as it is written. */
export const SECTION_INPUTS: {
  readonly [S in NumberSection]: (rules: SectionInputRules) => z.ZodType<NumberSections[S]>;
} = {
  callNotice: callNoticeInput,
  faxNotice: faxNoticeInput,
  screening: ({ limits }) => screeningInput(limits),
  voiceWarp: ({ number }) => voiceWarpInput(number),
};
