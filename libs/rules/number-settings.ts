import { z } from 'zod';
import { callNoticeInput, storedCallNotice, type CallNotice } from './call-notice.ts';
import { faxNoticeInput, storedFaxNotice, type FaxNotice } from './fax-notice.ts';
import type { NoticeInputRules } from './recipients.ts';
import { screeningInput, storedScreening, type Screening } from './screening.ts';

/** The parts of a number's settings that are read and written on their own. */
export interface NumberSections {
  readonly callNotice: CallNotice;
  readonly faxNotice: FaxNotice;
  readonly screening: Screening;
}
export type NumberSection = keyof NumberSections;

/** The document of one number: all that the rules need to know of it in one read. */
export interface NumberSettings extends NumberSections {
  readonly number: string;
  readonly lineNumber: string;
  readonly brand: string;
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
  callNotice: storedCallNotice.prefault({}),
  faxNotice: storedFaxNotice.prefault({}),
  screening: storedScreening.prefault({}),
});

/** The settings of a number before anybody sets something: everything off and empty. */
export function emptyNumberSettings(
  named: Pick<NumberSettings, 'number' | 'lineNumber' | 'brand'>,
): NumberSettings {
  return storedNumberSettings.parse(named);
}

/** The document of each section as it is written. */
export const SECTION_INPUTS: {
  readonly [S in NumberSection]: (rules: NoticeInputRules) => z.ZodType<NumberSections[S]>;
} = {
  callNotice: callNoticeInput,
  faxNotice: faxNoticeInput,
  screening: ({ limits }) => screeningInput(limits),
};
