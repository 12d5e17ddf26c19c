import { z } from 'zod';
import { ACCESS_LIFE_MS, parseRfc3339, secretSchema } from '#events';
import { parseAddress, parseSubscriberNumber, type TextProblem } from '#rules';

export interface AccessMailRules {
  readonly brands: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The notifier takes an event from further ahead for malformed. */
const AHEAD_MS = 300_000;

const KINDS = {
  code: ['one-time-password', 'two-step-code'],
  link: ['address-registration'],
  none: ['password-changed', 'address-changed', 'account-locked'],
} as const;
const EXPECTED_KINDS = `expected one of ${Object.values(KINDS).flat().join(', ')}`;

const time = z
  .string()
  .meta({ format: 'date-time', description: 'RFC 3339 with an offset' })
  .superRefine((text, context) => {
    if (parseRfc3339(text) === undefined)
      refuse(context, 'time', 'expected a time as RFC 3339 with an offset, like 2026-11-21T10:00:00+09:00');
  });

const number = z.string().transform((text, context) => {
  const parsed = parseSubscriberNumber(text);
  if (parsed.ok) return parsed.number;
  for (const { code, message } of parsed.problems) refuse(context, code, message);
  return z.NEVER;
});

/** The shape of an access mail (O1–O4). A test mail is asked for at the number that it is about (C12), not here. */
const accessMail = (brand: z.ZodType<string>) => {
  const [code, link] = secretSchema.options;
  const common = { number, brand, recipient: z.string(), issuedAt: time };
  return z.discriminatedUnion(
    'kind',
    [
      z.strictObject({ kind: z.enum(KINDS.code), ...common, expiresAt: time, secret: code }),
      z.strictObject({ kind: z.enum(KINDS.link), ...common, expiresAt: time, secret: link }),
      z.strictObject({ kind: z.enum(KINDS.none), ...common, expiresAt: time.exactOptional() }),
    ],
    { error: EXPECTED_KINDS },
  );
};

/** A mail about access as it is asked for, its times as they were written. */
export type AccessMailRequest = z.output<ReturnType<typeof accessMail>>;

/** The document of an access mail (O1–O4); gives it with its number normalised. */
export function accessMailInput({ brands, now }: AccessMailRules): z.ZodType<AccessMailRequest> {
  const brand = z.string().superRefine((id, context) => {
    if (!brands.includes(id)) refuse(context, 'brand-unknown', `expected one of ${brands.join(', ')}`);
  });
  return accessMail(brand).superRefine((mail, context) => {
    checkRecipient(mail, context);
    checkTimes(mail, now, context);
  });
}

/** The document of a test mail (C12). An address of earlier years is accepted where it is stored (C13). */
export function testMailInput(
  isStored: (address: string) => boolean,
): z.ZodType<{ readonly address: string }> {
  return z.strictObject({
    address: z.string().superRefine((address, context) => {
      for (const { code, message } of addressProblems(address, isStored(address)))
        refuse(context, code, message);
    }),
  });
}

/** Only a registration is about a new address; the others go where the site has sent mail for years (C13). */
function checkRecipient({ kind, recipient }: AccessMailRequest, context: z.RefinementCtx): void {
  for (const { code, message } of addressProblems(recipient, kind !== 'address-registration'))
    refuse(context, code, message, 'recipient');
}

function addressProblems(address: string, legacyAllowed: boolean): readonly TextProblem[] {
  const parsed = parseAddress(address);
  if (!parsed.ok) return parsed.problems;
  return legacyAllowed ? [] : (parsed.legacy ?? []);
}

function checkTimes(
  { kind, issuedAt, expiresAt }: AccessMailRequest,
  now: number,
  context: z.RefinementCtx,
): void {
  const issued = parseRfc3339(issuedAt) ?? NaN;
  if (issued > now + AHEAD_MS) refuse(context, 'time-ahead', 'expected a time that has come', 'issuedAt');
  if (expiresAt === undefined) return;
  const validMs = (parseRfc3339(expiresAt) ?? NaN) - issued;
  if (validMs <= 0) refuse(context, 'expires-before-issue', 'expected a time after issuedAt', 'expiresAt');
  const mostMs = ACCESS_LIFE_MS[kind];
  if (validMs > mostMs)
    refuse(
      context,
      'valid-too-long',
      `expected at most ${mostMs / 1000} seconds after issuedAt`,
      'expiresAt',
    );
}

function refuse(context: z.RefinementCtx, code: string, message: string, ...path: string[]): void {
  context.addIssue({ code: 'custom', message, params: { code }, path });
}
