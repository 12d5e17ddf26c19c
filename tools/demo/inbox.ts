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

/** Reads the texts of all mails to an address, the oldest first. */
export async function readTexts(inbox: string, address: string): Promise<readonly string[]> {
  const answer = await fetch(`${inbox}/email`);
  if (!answer.ok) throw new Error(`The inbox answered ${answer.status}`);
  const mails = (await answer.json()) as { text?: string; envelope: { to: { address: string }[] } }[];
  return mails
    .filter(({ envelope }) => envelope.to.some((to) => to.address === address))
    .map(({ text = '' }) => text);
}

/** Removes the mails of earlier demos from the inbox. */
export async function emptyInbox(inbox: string): Promise<void> {
  const answer = await fetch(`${inbox}/email/all`, { method: 'DELETE' });
  if (!answer.ok) throw new Error(`The inbox answered ${answer.status} when it was to be emptied`);
}
