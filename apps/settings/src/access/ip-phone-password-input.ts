import { z } from 'zod';
import { ipPhonePasswordProblem } from '#access';
import { addProblem } from '#rules';

/** The document of an IP phone's current password (V4). */
export const ipPhonePasswordInput = z.strictObject({
  password: z.string().superRefine((password, context) => {
    const code = ipPhonePasswordProblem(password);
    if (code) addProblem(context, { code, message: 'expected 8 of A–Z, a–z and 0–9' });
  }),
});
