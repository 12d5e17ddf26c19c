import { chmod, mkdtemp, readdir, readFile, rm, statfs, unlink } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PostfixTools } from './postfix-tools.ts';
import { startSmtpSink } from './smtp-sink.ts';

/** What happened to an address. */
interface Taken {
  /** When its last mail was received completely, epoch ms. */
  readonly at: number;
  readonly mails: number;
}

/** Postfix's `smtp-sink`, which writes each mail into a file: the file's time is when the mail was received. */
export interface RecordingSink {
  readonly port: number;
  readonly url: string;
  /** All mails received so far, by address. Reading them takes time: not to be called while something is measured. */
  taken(): Promise<ReadonlyMap<string, Taken>>;
  /** Forgets what it has taken, before an address gets its next mail. */
  forget(): void;
  close(): Promise<void>;
}

/** In memory, if there is room: on disk the mails would delay Redis' own writes. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 1e9;
/** A file that was written to within this time may not be finished. */
const SETTLED_MS = 200;

/** Starts it on a free port. */
export async function startRecordingSink(tools: PostfixTools): Promise<RecordingSink> {
  const folder = await mkdtemp(path.join(await placeForMails(), 'bench-mails-'));
  // As root, `smtp-sink` runs as another user.
  await chmod(folder, 0o777);
  const sink = await startSmtpSink(tools, ['-d', `${folder}/mail.`]);
  const taken = new Map<string, Taken>();
  return {
    port: sink.port,
    url: sink.url,
    taken: async () => {
      for (const name of await readdir(folder)) await readMail(path.join(folder, name), taken);
      return taken;
    },
    forget: () => taken.clear(),
    close: async () => {
      await sink.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function placeForMails(): Promise<string> {
  const room = await statfs(MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return room >= ROOM_BYTES ? MEMORY : tmpdir();
}

/**
 * Adds a finished mail to what was taken, and removes its file. A file begins with the envelope, which may come long
 * before its message, and ends with an empty line.
 */
async function readMail(file: string, taken: Map<string, Taken>): Promise<void> {
  // `smtp-sink` removes the file of a transaction that its client gives up.
  const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (at === undefined || Date.now() - at < SETTLED_MS) return;
  const mail = await readFile(file, 'latin1').catch(() => '');
  if (!mail.endsWith('\n\n')) return;
  const address = /^X-Rcpt-Args: <([^>]*)>/m.exec(mail)?.[1] ?? '';
  taken.set(address, { at, mails: (taken.get(address)?.mails ?? 0) + 1 });
  await unlink(file);
}
