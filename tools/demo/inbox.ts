/** A mail in the inbox. */
interface ReceivedMail {
  readonly to: string;
  readonly subject: string;
}

/** Reads all mails through the inbox's API, one entry for each recipient. */
export async function readInbox(inbox: string): Promise<readonly ReceivedMail[]> {
  const answer = await fetch(`${inbox}/email`);
  if (!answer.ok) throw new Error(`The inbox answered ${answer.status}`);
  const mails = (await answer.json()) as { subject?: string; envelope: { to: { address: string }[] } }[];
  return mails.flatMap(({ subject = '', envelope }) =>
    envelope.to.map(({ address }) => ({ to: address, subject })),
  );
}

/** Removes the mails of earlier demos from the inbox. */
export async function emptyInbox(inbox: string): Promise<void> {
  const answer = await fetch(`${inbox}/email/all`, { method: 'DELETE' });
  if (!answer.ok) throw new Error(`The inbox answered ${answer.status} when it was to be emptied`);
}
