import { z } from 'zod';
import { storedFaultNotice, type FaultNotice } from './fault-notice.ts';
import { addProblem, checkDuplicates, lineOfText, MAX_NAME, telephoneNumber } from './input-checks.ts';
import { parseSubscriberNumber } from './telephone-number.ts';

/** The document of one line. `numbers` holds the line number too. */
export interface LineSettings {
  readonly lineNumber: string;
  readonly brand: string;
  readonly contractor: string;
  readonly numbers: readonly string[];
  readonly faultNotice: FaultNotice;
}

/** A line's settings as they are stored: what was not written is off and empty, and unknown fields stay. */
export const storedLineSettings: z.ZodType<LineSettings> = z.looseObject({
  lineNumber: z.string(),
  brand: z.string(),
  contractor: z.string().default(''),
  numbers: z.array(z.string()),
  faultNotice: storedFaultNotice.prefault({}),
});

/** Values that a line's input is checked against: its own number, and the known brands. */
export interface LineInputRules {
  readonly lineNumber: string;
  readonly brands: readonly string[];
}

/** The document that registers a line and its numbers; its own number is one of them, whether named or not. */
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
