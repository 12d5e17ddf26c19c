import type { RetryQueue } from '#delivery';
import { bareRecord } from '#events';
import { KafkaError } from '../kafkajs/kafka-error.ts';
import { headersWithOrigin } from './origin-headers.ts';
import type { Publisher } from './publisher.ts';
import { MAX_KEY_BYTES } from './dead-letters.ts';

/**
 * Puts records into retry topics, with key, bytes and headers as they came, and the given headers and `orig-*` added. A
 * record that is too large for the topic is reduced to what the next attempt needs, so that the mail is still sent.
 */
export function createRetryQueue(publisher: Pick<Publisher, 'publish'>, topicPrefix: string): RetryQueue {
  return {
    async put(record, topic, added): Promise<void> {
      const origin = headersWithOrigin(record, topicPrefix);
      const headers = { ...origin, ...added };
      try {
        await publisher.publish([{ topic, key: record.key, value: record.value, headers }]);
      } catch (error) {
        const bare = isTooLarge(error) ? bareRecord(record) : undefined;
        if (bare === undefined) throw error;
        const kept = Object.entries(origin).filter(([name]) => /^(orig-|retry-)|^replay$/.test(name));
        const needed = { ...Object.fromEntries(kept), ...bare.headers, ...added };
        await publisher.publish([
          { topic, key: keyThatFits(record.key), value: bare.value, headers: needed },
        ]);
      }
    },
  };
}

/**
 * The key, which keeps everything about a number in one partition, in order. Our keys are telephone numbers; a key of more
 * than 1 KB may be what makes the record too large.
 */
function keyThatFits(key: Buffer | null): Buffer | null {
  return key !== null && key.length <= MAX_KEY_BYTES ? key : null;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof KafkaError && error.code === 'too-large';
}
