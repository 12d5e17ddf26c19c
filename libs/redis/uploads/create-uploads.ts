import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { openText, sealText, type SealKey } from '#events';
import { storedReader } from '#rules';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { createKeys } from '../keys.ts';
import { createSlidingWindow, type WindowLimit } from '../limits/create-sliding-window.ts';
import { parseJson } from '../stored-text.ts';

/** How long an upload waits to be taken. */
const KEPT_MS = 30 * 60_000;
const DOING = 'keeping an upload';
/** Nobody corrects a table more often; each costs up to a second of a process that others wait for. */
const PER_LINE: WindowLimit = { count: 60, windowMs: 15 * 60_000 };

const storedUpload = z.object({
  /** Whose preview it was: a later upload takes its place. */
  id: z.string(),
  text: z.string(),
  seen: z.string(),
});

/** A table that was uploaded: its text, and what its preview has seen. */
export type WaitingUpload = Readonly<z.output<typeof storedUpload>>;

/**
 * Uploads that wait to be taken: one for each login, by the hash of its secret, and purpose. Every method rejects with a
 * `RedisError`.
 */
export interface Uploads {
  /**
   * Counts an upload of a line before it is compared, 60 in 15 minutes. Resolves with 0, or with how many seconds to wait.
   */
  take(lineNumber: string): Promise<number>;
  /** Keeps an upload for 30 minutes, in the place of the one before. */
  keep(login: string, purpose: string, upload: WaitingUpload): Promise<void>;
  find(login: string, purpose: string): Promise<WaitingUpload | undefined>;
  forget(login: string, purpose: string): Promise<void>;
}

const readUpload = storedReader(storedUpload);

/** The uploads in Redis, sealed for their login and purpose: they may hold passwords (A11). */
export function createUploads(
  redis: RedisConnection,
  sealKeys: readonly [SealKey, ...SealKey[]],
  perLine = PER_LINE,
): Uploads {
  const { client, keyPrefix } = redis;
  const keys = createKeys(keyPrefix);
  const taken = createSlidingWindow(redis, 'counting uploads');
  return {
    async take(lineNumber) {
      return Math.ceil((await taken.take(keys.uploadsOf(lineNumber), randomUUID(), perLine)) / 1000);
    },
    async keep(login, purpose, upload) {
      const key = keys.upload(login, purpose);
      const sealed = sealText(JSON.stringify(upload), key, sealKeys);
      await answered(client, DOING, () => client.set(key, sealed, 'PX', KEPT_MS));
    },
    async find(login, purpose) {
      const key = keys.upload(login, purpose);
      const sealed = await answered(client, DOING, () => client.get(key));
      const opened = sealed === null ? undefined : openText(sealed, key, sealKeys);
      // One that was sealed by a key that is gone has to be uploaded again, like one that has lapsed.
      return opened?.ok ? readUpload(parseJson(opened.text, 'an upload')) : undefined;
    },
    async forget(login, purpose) {
      await answered(client, DOING, () => client.del(keys.upload(login, purpose)));
    },
  };
}
