import { z } from 'zod';
import type { SelfCareProfile } from '#access';
import { addProblem, checkDuplicates, parseAddress, parseSubscriberNumber, telephoneNumber } from '#rules';

/** What a self-care id may be. */
export const SELF_CARE_ID = /^[\w-]{1,32}$/;

const ipPhoneNumber = telephoneNumber((text) => {
  const parsed = parseSubscriberNumber(text);
  if (!parsed.ok || parsed.number.startsWith('050')) return parsed;
  return { ok: false, problems: [{ code: 'number-ip-phone', message: 'expected a number of 050' }] };
});

/** The document of a self-care id (A14, V4), its numbers normalised; without a password it keeps the one it has. */
export const selfCareInput: z.ZodType<Omit<SelfCareProfile, 'brand'> & { readonly password?: string }> =
  z.strictObject({
    numbers: z.array(ipPhoneNumber).superRefine((numbers, context) => {
      if (numbers.length === 0)
        addProblem(context, { code: 'required', message: 'expected at least one number' });
      checkDuplicates(numbers, (number) => number, [], context);
    }),
    address: z.string().superRefine((address, context) => {
      const parsed = parseAddress(address);
      for (const problem of parsed.ok ? (parsed.legacy ?? []) : parsed.problems) addProblem(context, problem);
    }),
    password: z
      .string()
      .superRefine((password, context) => {
        if (/^[\x21-\x7e]{8,64}$/.test(password)) return;
        addProblem(context, { code: 'text', message: 'expected 8 to 64 visible ASCII characters' });
      })
      .exactOptional(),
    service: z.enum(['ip-phone', 'b2bua']),
  });
