import { z } from 'zod';
import { storedBulkTransfer, type BulkTransferSettings } from './bulk-transfer.ts';
import { EMPTY_FAULT_NOTICE, storedFaultNotice, type FaultNotice } from './fault-notice.ts';
import { addProblem, checkDuplicates, lineOfText, MAX_NAME, telephoneNumber } from './input-checks.ts';
import { withNumberKeys } from './number-keys.ts';
import { isOfLine, SERVICES, type ContractedServices } from './services.ts';
import { parseSubscriberNumber } from './telephone-number.ts';

/** The document of one line. `numbers` holds the line number too. */
export interface LineSettings {
  readonly lineNumber: string;
  readonly brand: string;
  readonly contractor: string;
  readonly numbers: readonly string[];
  /** The contracted services; absent: every number has all of the brand's. */
  readonly services?: ContractedServices;
  readonly faultNotice: FaultNotice;
  /** Absent until it is set. */
  readonly bulkTransfer?: BulkTransferSettings;
}

/** A line's settings as they are stored: what was not written is off and empty, and unknown fields stay. */
export const storedLineSettings: z.ZodType<LineSettings> = z.looseObject({
  lineNumber: z.string(),
  brand: z.string(),
  contractor: z.string().default(''),
  numbers: z.array(z.string()),
  services: z.record(z.string(), z.array(z.enum(SERVICES))).exactOptional(),
  faultNotice: storedFaultNotice.default(EMPTY_FAULT_NOTICE),
  bulkTransfer: storedBulkTransfer.exactOptional(),
});

/** Values that a line's input is checked against: its own number, and the known brands. */
export interface LineInputRules {
  readonly lineNumber: string;
  readonly brands: readonly string[];
}

const servicesInput = z.array(z.enum(SERVICES)).superRefine((services, context) => {
  checkDuplicates(services, (service) => service, [], context);
});

/**
 * The document that registers a line and its numbers; its own number is one of them, whether named or not. `services`
 * is left out where every number has all of them (A13).
 */
export function lineInput({
  lineNumber,
  brands,
}: LineInputRules): z.ZodType<Omit<LineSettings, 'faultNotice' | 'bulkTransfer'>> {
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
      services: z.record(z.string(), servicesInput).exactOptional(),
    })
    .transform(({ numbers: named, services, ...line }, context) => {
      const numbers = named.includes(lineNumber) ? named : [lineNumber, ...named];
      const contracted = services && withNumberKeys(services, numbers, context, ['services']);
      return { lineNumber, ...line, numbers, ...(contracted && { services: contracted }) };
    })
    .superRefine(checkLineServices);
}

/** What is of the line as a whole is contracted under its line number. */
function checkLineServices(
  { lineNumber, services = {} }: Pick<LineSettings, 'lineNumber' | 'services'>,
  context: z.RefinementCtx,
): void {
  for (const [number, contracted] of Object.entries(services)) {
    if (number === lineNumber) continue;
    for (const [index, service] of contracted.entries()) {
      if (!isOfLine(service)) continue;
      const message = `${service} is contracted for the line: expected it under ${lineNumber}`;
      addProblem(context, { code: 'line-service', message }, ['services', number, index]);
    }
  }
}
