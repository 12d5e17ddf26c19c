import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

interface Broker {
  readonly nodeId: string;
}

interface BrokerPool {
  isDisconnected?: boolean;
  readonly brokers: Readonly<Record<string, Broker>>;
  connect: (this: BrokerPool) => Promise<void>;
  disconnect: (this: BrokerPool) => Promise<void>;
  createSeedBroker: (this: BrokerPool) => Promise<void>;
  connectBroker: (this: BrokerPool, broker: Broker) => Promise<void>;
  readonly findBroker: (by: { nodeId: string }) => Promise<Broker>;
  withBroker: <T>(
    this: BrokerPool,
    ask: (answers: { nodeId: string; broker: Broker }) => Promise<T>,
  ) => Promise<T>;
}

interface Errors {
  readonly KafkaJSNonRetriableError: new (message: string) => Error;
  readonly KafkaJSBrokerNotFound: new (message: string) => Error;
}

/** kafkajs tries the next broker at once when there is one; this keeps a cluster that is away from being asked in a loop. */
const NEXT_BROKER_MS = 20;

/**
 * Answers two defects of kafkajs' connections to a cluster. A client that was disconnected while it tried to connect goes
 * on trying, and connects, as long as its retries last. And when no broker answers a question, kafkajs forgets why: a
 * broken connection becomes "Failed to find group coordinator", which it takes for final, or a TypeError.
 */
export function patchCluster(): void {
  const require = createRequire(import.meta.url);
  const pool = (require('kafkajs/src/cluster/brokerPool.js') as { prototype: BrokerPool }).prototype;
  const errors = require('kafkajs/src/errors.js') as Errors;
  endWhenDisconnected(pool, errors);
  pool.withBroker = async function askEach(ask) {
    let last: unknown = new errors.KafkaJSBrokerNotFound('No brokers in the broker pool');
    for (const nodeId of inAnyOrder(Object.keys(this.brokers))) {
      try {
        return await ask({ nodeId, broker: await this.findBroker({ nodeId }) });
      } catch (error) {
        last = error;
        await pause(NEXT_BROKER_MS);
      }
    }
    throw last;
  };
}

/** From its `disconnect` on a pool opens no connection, and closes the one that it was opening. */
function endWhenDisconnected(pool: BrokerPool, { KafkaJSNonRetriableError }: Errors): void {
  const { connect, disconnect, createSeedBroker, connectBroker } = pool;
  const refuse = (of: BrokerPool): void => {
    if (of.isDisconnected) throw new KafkaJSNonRetriableError('The client is disconnected');
  };
  pool.disconnect = function disconnectForGood() {
    this.isDisconnected = true;
    return disconnect.call(this);
  };
  pool.connect = async function connectUnlessEnded() {
    refuse(this);
    await connect.call(this);
    if (this.isDisconnected) await disconnect.call(this);
    refuse(this);
  };
  pool.createSeedBroker = async function createUnlessEnded() {
    refuse(this);
    return createSeedBroker.call(this);
  };
  pool.connectBroker = async function connectBrokerUnlessEnded(broker) {
    refuse(this);
    await connectBroker.call(this, broker);
    if (this.isDisconnected) await disconnect.call(this);
    refuse(this);
  };
}

function inAnyOrder(ids: readonly string[]): string[] {
  return ids
    .map((id) => ({ id, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ id }) => id);
}
