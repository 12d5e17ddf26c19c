import {
  createSmtpSender,
  MAIL_KINDS,
  type Brand,
  type Composer,
  type ComposedMail,
  type MailContent,
} from '#mail';
import { readSamples, TEMPLATES_DIR } from '../../libs/mail/build-templates.ts';
import { eventually } from '../support/eventually.ts';
import { mailsTo, type InboxMail } from '../support/inbox.ts';
import { checkMail } from '../support/mail-checklist.ts';
import { smtpUrl } from '../support/servers.ts';
import { composeToCheck, SENT_AT, TEST_BRANDS, testComposer } from '../support/test-composer.ts';
import { uniqueName } from '../support/unique-name.ts';

/** A plain address, and one with unusual characters that C13 allows. */
const RECIPIENTS = [
  `${uniqueName('hanako')}@example.jp`,
  `o'hara+tel/${uniqueName('1')}@mail.example.jp`,
] as const;
/** The inbox's server rejects quoted local parts, so these mails are composed only. */
const OLD_RECIPIENT = 'ab..cd.@docomo.example';

interface Case {
  readonly brandId: string;
  readonly kind: string;
  readonly name: string;
  readonly brand: Brand;
  readonly content: MailContent;
  readonly recipient: string;
}

const cases = [...TEST_BRANDS.values()]
  .flatMap((brand) =>
    MAIL_KINDS.flatMap((kind) =>
      readSamples(TEMPLATES_DIR, kind, brand).map(({ name, content }) => {
        // Each mail gets its own event, so that its Message-ID identifies it.
        const event = { ...content.event, id: `${brand.id} ${kind} ${name}` };
        return { kind, name, brand, brandId: brand.id, content: { ...content, event } as MailContent };
      }),
    ),
  )
  .map((one, index): Case => ({ ...one, recipient: RECIPIENTS[index % 2] ?? RECIPIENTS[0] }));

let composer: Composer;
const composed = new Map<Case, ComposedMail>();
const received = new Map<string, InboxMail>();

async function sendAll(): Promise<void> {
  const { hostname, port } = new URL(smtpUrl());
  const server = { host: hostname, port: Number(port), secure: false, requireTLS: false };
  const sender = createSmtpSender({ server, connections: 4 });
  const answers = await Promise.all(
    [...composed.values()].map((mail) => sender.send(mail, () => Promise.resolve())),
  );
  await sender.close();
  expect(answers.filter(({ kind }) => kind !== 'accepted')).toEqual([]);
}

/** Reads the mails as the mail server received them, by Message-ID. */
async function receiveAll(): Promise<void> {
  const found = await eventually(async () => {
    const mails = (await Promise.all(RECIPIENTS.map(mailsTo))).flat();
    return mails.length >= composed.size ? mails : undefined;
  });
  for (const mail of found) received.set(/^Message-ID: (.*)\r$/m.exec(mail.raw.toString())?.[1] ?? '', mail);
}

beforeAll(async () => {
  composer = await testComposer();
  for (const one of cases) composed.set(one, composer.compose(one.content, one.brandId, one.recipient));
  await sendAll();
  await receiveAll();
}, 60_000);

describe('every mail passes the checklist as a mail server received it (C10, C11, F3, R2, R4, O1–O4, B1)', () => {
  it('in every brand, of every kind', () => {
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(MAIL_KINDS));
    expect(TEST_BRANDS.size).toBeGreaterThanOrEqual(5);
    expect(received.size).toBe(cases.length);
  });

  it.each(cases)('$brandId $kind $name', async (one) => {
    const mail = composed.get(one)!;
    const { raw, envelope } = received.get(mail.messageId)!;
    expect(await checkMail(raw, { ...one, envelope, sentAt: SENT_AT })).toEqual([]);
    // The server adds its headers in front; the rest is exactly what was composed.
    expect(raw.subarray(-mail.message.length).equals(mail.message)).toBe(true);
  });

  it('8, 11: keeps Message-ID and return path when it is sent again, and has others for another recipient', () => {
    for (const one of cases) {
      const { messageId, from } = composed.get(one)!;
      const again = composer.compose(one.content, one.brandId, one.recipient);
      expect([again.messageId, again.from]).toEqual([messageId, from]);
      const other = composer.compose(one.content, one.brandId, 'jiro@example.jp');
      expect(other.messageId).not.toBe(messageId);
      expect(other.from).not.toBe(from);
    }
  });

  it('C13: passes it for a legacy address, too', async () => {
    for (const one of cases.filter(({ brandId }) => brandId === 'ntt-east')) {
      const { message, expected } = composeToCheck(composer, one.content, one.brandId, OLD_RECIPIENT);
      expect([one.name, ...(await checkMail(message, expected))]).toEqual([one.name]);
    }
  });

  it('C13: quotes only local parts with misplaced dots in To', () => {
    const to = (recipient: string): string | undefined =>
      /^To: (.*)\r$/m.exec(
        composer.compose(cases[0]!.content, 'ntt-east', recipient).message.toString(),
      )?.[1];
    expect(to('ab..cd.@docomo.ne.jp')).toBe('"ab..cd."@docomo.ne.jp');
    expect(to('.ab@docomo.ne.jp')).toBe('".ab"@docomo.ne.jp');
    expect(to('ab.cd@docomo.ne.jp')).toBe('ab.cd@docomo.ne.jp');
  });
});
