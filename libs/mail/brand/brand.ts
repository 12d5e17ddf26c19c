import { z } from 'zod';

const HOUR_MS = 3_600_000;

const DOMAIN = /^(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

const words = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u, 'expected one line of text');

const domain = z.string().regex(DOMAIN, 'expected a domain in small letters, such as hikari.example.jp');

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

/** A line under every mail; a link would also stand in mails with a code, which must have none. */
const footerLine = words.refine((line) => !/:\/\/|www\./i.test(line), 'expected a line without a link');

/** What one `brands/<brand>.yaml` says (B1). */
export const brandSchema = z.strictObject({
  /** Who provides the service, as mails name it. */
  operator: words,
  /** The telephone service as a whole. */
  phoneService: words,
  /** Where the subscriber changes settings. */
  site: z.strictObject({
    name: words,
    url: z.url({ protocol: /^https$/, error: 'expected an address beginning with https://' }),
  }),
  mail: z.strictObject({
    /** After the @ of every sender, and in Message-IDs. */
    domain,
    /** Where bounces come back to; a domain of its own keeps them apart from people's mail. */
    bounceDomain: domain,
  }),
  /** Rung from the contracted line to set a temporary password (A2); absent where there is no such number. */
  accessNumber: z
    .string()
    .regex(/^0\d{9,10}$/, 'expected 10 or 11 digits in quotes')
    .optional(),
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
  /** Only what differs from the rules' defaults (C15), in hours; in milliseconds once read. */
  deadlineHours: z
    .strictObject({
      call: hours.exactOptional(),
      fax: hours.exactOptional(),
      fault: hours.exactOptional(),
      access: hours.exactOptional(),
    })
    .default({}),
  /** Only what differs from the rules' defaults (C2, C4). */
  limits: z
    .strictObject({
      recipients: most.exactOptional(),
      targetCallers: most.exactOptional(),
      nuisanceCallers: most.exactOptional(),
    })
    .default({}),
});

type BrandFile = z.infer<typeof brandSchema>;

/** A brand as the program sees it. `deadlines` (ms) and `limits` hold only what the brand sets itself. */
export interface Brand extends Omit<BrandFile, 'deadlineHours'> {
  readonly id: string;
  readonly deadlines: BrandFile['deadlineHours'];
}

export type Brands = ReadonlyMap<string, Brand>;

/**
 * The name to greet a mail server by (RFC 5321 §4.1.1.1) when none is configured: the host's, or, when that is not fully
 * qualified and would be refused by many servers, the mail domain of the first brand.
 */
export function clientName(host: string, brands: Brands): string {
  const [first] = brands.values();
  return host.includes('.') || !first ? host : first.mail.domain;
}
