import { simpleParser } from 'mailparser';
import { eventually } from '../support/eventually.ts';
import { mailsTo } from '../support/inbox.ts';

/** What a person looks for in a mail. */
export const CODE = /(?<=(?:ワンタイムパスワード|認証コード):)\d{8}/;
export const LINK = /(?<=https?:\/\/[^/\s]+)\/registration\?token=[\w-]+/;

/** Waits for the mail to an address that is the `nth` with what is looked for, and resolves with that. */
export function mailed(address: string, pattern: RegExp, nth = 1): Promise<string> {
  return eventually(async () => {
    const mails = await Promise.all((await mailsTo(address)).map(({ raw }) => simpleParser(raw)));
    return mails.flatMap(({ text = '' }) => pattern.exec(text)?.[0] ?? [])[nth - 1];
  });
}
