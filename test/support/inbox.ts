import { inboxUrl } from './servers.ts';

/** The addresses in MAIL FROM and RCPT TO. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** A mail as the inbox received it. */
export interface InboxMail {
  readonly id: string;
  readonly subject: string;
  readonly envelope: Envelope;
  /** The whole message as received by SMTP. */
  readonly raw: Buffer;
}

interface Listed {
  readonly id: string;
  readonly subject?: string;
  readonly envelope: { readonly from: { address: string }; readonly to: readonly { address: string }[] };
}

async function get(path: string): Promise<Response> {
  const response = await fetch(new URL(path, inboxUrl()));
  if (!response.ok) throw new Error(`The inbox answered ${response.status} to GET ${path}`);
  return response;
}

/** Reads the mails for an envelope recipient, in order of arrival. */
export async function mailsTo(recipient: string): Promise<readonly InboxMail[]> {
  const query = new URLSearchParams({ 'envelope.to.address': recipient });
  const list = (await (await get(`/email?${query.toString()}`)).json()) as Listed[];
  return Promise.all(
    list.map(async ({ id, subject, envelope }) => ({
      id,
      subject: subject ?? '',
      envelope: { from: envelope.from.address, to: envelope.to.map(({ address }) => address) },
      raw: Buffer.from(await (await get(`/email/${id}/source`)).arrayBuffer()),
    })),
  );
}
