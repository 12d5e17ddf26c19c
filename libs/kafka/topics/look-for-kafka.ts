import { createKafka, type KafkaConnection } from '../kafkajs/kafka-client.ts';
import { classifyError } from '../kafkajs/kafka-error.ts';

/** Few, so that the caller soon learns that Kafka is unavailable. */
const RETRY = { retries: 1, initialRetryTime: 100 };

/**
 * Looks once whether Kafka is there and takes our login. Rejects with a `KafkaError`: `not-authorized`, or a retryable one
 * while it is unavailable.
 */
export async function lookForKafka(connection: KafkaConnection): Promise<void> {
  const admin = createKafka(connection, RETRY).admin();
  try {
    await admin.connect();
  } catch (error) {
    throw classifyError(error);
  } finally {
    await admin.disconnect();
  }
}
