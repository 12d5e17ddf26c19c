/** What has to be known of a mail in the inbox. */
interface ReceivedMail {
  readonly to: string;
  readonly subject: string;
}

/** All mails of the inbox by its own API. */
export async function readInbox(inbox: string): Promise<readonly ReceivedMail[]> {
  const answer = await fetch(`${inbox}/email`);
  if (!answer.ok) throw new Error(`The inbox answered ${answer.status}`);
  const mails = (await answer.json()) as { subject?: string; envelope: { to: { address: string }[] } }[];
  return mails.flatMap(({ subject = '', envelope }) =>
    envelope.to.map(({ address }) => ({ to: address, subject })),
  );
}

/** Empties the inbox of what an earlier demo left there. */
export async function emptyInbox(inbox: string): Promise<void> {
  const answer = await fetch(`${inbox}/email/all`, { method: 'DELETE' });
  if (!answer.ok) throw new Error(`The inbox answered ${answer.status} when it was to be emptied`);
}
