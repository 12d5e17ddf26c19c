import { z } from 'zod';
import { ACCESS_MAILS, accessKindsWith, parseRfc3339, secretSchema } from '#events';
import { addProblem, parseAddress, parseSubscriberNumber, telephoneNumber, type TextProblem } from '#rules';

export interface AccessMailRules {
  readonly brands: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The notifier treats an event that is further ahead as malformed. */
const AHEAD_MS = 300_000;

const KINDS = {
  code: accessKindsWith('code'),
  link: accessKindsWith('link'),
  none: accessKindsWith(null).filter((kind) => kind !== 'test'),
};
const EXPECTED_KINDS = `expected one of ${Object.values(KINDS).flat().join(', ')}`;

const time = z
  .string()
  .meta({ format: 'date-time', description: 'RFC 3339 with an offset' })
  .superRefine((text, context) => {
    if (parseRfc3339(text) === undefined)
      addProblem(context, {
        code: 'time',
        message: 'expected a time as RFC 3339 with an offset, like 2026-11-21T10:00:00+09:00',
      });
  });

/** The shape of an access mail (O1–O4). A test mail is requested for its number (C12), not here. */
const accessMail = (brand: z.ZodType<string>) => {
  const [code, link] = secretSchema.options;
  const common = {
    number: telephoneNumber(parseSubscriberNumber),
    brand,
    recipient: z.string(),
    issuedAt: time,
  };
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

/** A requested access mail, its times as they were written. */
export type AccessMailRequest = z.output<ReturnType<typeof accessMail>>;

/** Throws for what has not the shape of an access mail: a bug of whoever made it. */
export function asAccessMail(mail: object): AccessMailRequest {
  return accessMail(z.string()).parse(mail);
}

/** The document of an access mail (O1–O4); returned with its number normalised. */
export function accessMailInput({ brands, now }: AccessMailRules): z.ZodType<AccessMailRequest> {
  const brand = z.string().superRefine((id, context) => {
    if (!brands.includes(id))
      addProblem(context, { code: 'brand-unknown', message: `expected one of ${brands.join(', ')}` });
  });
  return accessMail(brand).superRefine((mail, context) => {
    checkRecipient(mail, context);
    checkTimes(mail, now, context);
  });
}

/** Only a registration is about a new address; the others go where the site has sent mail for years (C13). */
function checkRecipient({ kind, recipient }: AccessMailRequest, context: z.RefinementCtx): void {
  for (const problem of addressProblems(recipient, kind !== 'address-registration'))
    addProblem(context, problem, ['recipient']);
}

/** What is wrong with an address; one of earlier years may be allowed (C13). */
export function addressProblems(address: string, legacyAllowed: boolean): readonly TextProblem[] {
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
  const refuse = (path: string, code: string, message: string): void =>
    addProblem(context, { code, message }, [path]);
  if (issued > now + AHEAD_MS) refuse('issuedAt', 'time-ahead', 'expected a time that has come');
  if (expiresAt === undefined) return;
  const validMs = (parseRfc3339(expiresAt) ?? NaN) - issued;
  if (validMs <= 0) refuse('expiresAt', 'expires-before-issue', 'expected a time after issuedAt');
  const mostMs = ACCESS_MAILS[kind].lifeMs;
  if (validMs > mostMs)
    refuse('expiresAt', 'valid-too-long', `expected at most ${mostMs / 1000} seconds after issuedAt`);
}
