import { z } from 'zod';
import { dialogueSchema } from './dialogue-sentences.ts';

const HOUR_MS = 3_600_000;

const DOMAIN = /^(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

const words = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u, 'expected one line of text');

const domain = z.string().regex(DOMAIN, 'expected a domain in small letters, such as hikari.example.jp');

const httpsUrl = z.url({ protocol: /^https$/, error: 'expected an address beginning with https://' });

const service = z.strictObject({
  name: words,
  sender: z
    .string()
    .regex(
      /^[a-z0-9]+([._-][a-z0-9]+)*$/,
      'expected the part before @: small letters and digits, with . _ - between them',
    ),
});

const hours = z
  .number()
  .positive()
  .max(168)
  .transform((value) => value * HOUR_MS);
const most = z.int().min(1).max(1000);
const passwordLength = z.int().min(8).max(64);

/** A line under every mail. Mails with a code must not have a link, so no footer may have one. */
const footerLine = words.refine((line) => !/:\/\/|www\./i.test(line), 'expected a line without a link');

/** The schema of `brands/<brand>.yaml` (B1). */
export const brandSchema = z.strictObject({
  /** The provider's name, as mails give it. */
  operator: words,
  /** The telephone service as a whole. */
  phoneService: words,
  /** Where the subscriber changes settings. */
  site: z.strictObject({
    name: words,
    url: httpsUrl,
  }),
  mail: z.strictObject({
    /** The domain of every sender and of Message-IDs. */
    domain,
    /** The domain that bounces return to. A separate one keeps them apart from people's mail. */
    bounceDomain: domain,
  }),
  /** The number to call from the contracted line to set a temporary password (A2). Absent where there is none. */
  accessNumber: z
    .string()
    .regex(/^0\d{9,10}$/, 'expected 10 or 11 digits in quotes')
    .optional(),
  /** What that call hears; the sentences that a brand does not word itself are the default ones. */
  dialogue: dialogueSchema,
  /** Display name and local part of the four senders. */
  services: z.strictObject({ call: service, fax: service, fault: service, access: service }),
  /** The brand's names of other services ([S2]'s table). */
  words: z.strictObject({
    numberDisplay: words,
    numberRequest: words,
    callWaiting: words,
    voiceWarp: words,
    nuisanceRefusal: words,
    doubleChannel: words,
    additionalNumber: words,
  }),
  footer: z.array(footerLine).min(1).max(6),
  /** The operator's own pages, in the help and under every page of the site; mails have none of them. */
  links: z
    .array(z.strictObject({ text: words, url: httpsUrl }))
    .max(6)
    .default([]),
  /** Overrides of the rules' defaults (C15), in hours; converted to milliseconds. */
  deadlineHours: z
    .strictObject({
      call: hours.exactOptional(),
      fax: hours.exactOptional(),
      fault: hours.exactOptional(),
      access: hours.exactOptional(),
    })
    .default({}),
  /** Overrides of the rules' defaults (C2, C4). */
  limits: z
    .strictObject({
      recipients: most.exactOptional(),
      targetCallers: most.exactOptional(),
      nuisanceCallers: most.exactOptional(),
    })
    .default({}),
  /** Overrides of what is asked of passwords (A5); `days` 0: they never expire. */
  password: z
    .strictObject({
      minLength: passwordLength.exactOptional(),
      maxLength: passwordLength.exactOptional(),
      notOnly: z.array(z.enum(['digits', 'letters'])).exactOptional(),
      days: z.int().min(0).max(3650).exactOptional(),
    })
    .refine(({ minLength = 0, maxLength = minLength }) => minLength <= maxLength, {
      path: ['maxLength'],
      error: 'expected minLength or more',
    })
    .default({}),
});

type BrandFile = z.infer<typeof brandSchema>;

/** A brand as loaded. `deadlines` (ms), `limits` and `password` hold only what the brand overrides. */
export interface Brand extends Omit<BrandFile, 'deadlineHours'> {
  readonly id: string;
  readonly deadlines: BrandFile['deadlineHours'];
}

export type Brands = ReadonlyMap<string, Brand>;

/**
 * The default name for EHLO (RFC 5321 §4.1.1.1): the host's when it is fully qualified, which many servers demand, else
 * the mail domain of the first brand.
 */
export function clientName(host: string, brands: Brands): string {
  const [first] = brands.values();
  return host.includes('.') || !first ? host : first.mail.domain;
}
