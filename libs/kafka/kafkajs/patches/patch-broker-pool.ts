import { setTimeout as pause } from 'node:timers/promises';
import { kafkajsInternals } from './kafkajs-internals.ts';

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

/** kafkajs asks the next broker without a pause, which would be a busy loop while a cluster is down. */
const NEXT_BROKER_MS = 20;

/**
 * Fixes two defects of kafkajs' connections to a cluster. A client that is disconnected while it is connecting goes on
 * trying, and connects, for as long as its retries last. And when no broker answers a request, kafkajs drops the reason:
 * a broken connection becomes "Failed to find group coordinator", which it treats as final, or a TypeError.
 */
export function patchBrokerPool(): void {
  const { prototype: pool } = kafkajsInternals.load<{ prototype: BrokerPool }>('cluster/brokerPool.js', [
    'prototype.connect',
    'prototype.disconnect',
    'prototype.createSeedBroker',
    'prototype.connectBroker',
    'prototype.findBroker',
    'prototype.withBroker',
  ]);
  const errors = kafkajsInternals.load<Errors>('errors.js', [
    'KafkaJSNonRetriableError',
    'KafkaJSBrokerNotFound',
  ]);
  endWhenDisconnected(pool, errors);
  pool.withBroker = async function askEach(ask) {
    let last: unknown = new errors.KafkaJSBrokerNotFound('No brokers in the broker pool');
    for (const nodeId of shuffled(Object.keys(this.brokers))) {
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

/** Once disconnected, a pool opens no connection and closes the one that it was opening. */
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

function shuffled(ids: readonly string[]): string[] {
  return ids
    .map((id) => ({ id, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ id }) => id);
}
