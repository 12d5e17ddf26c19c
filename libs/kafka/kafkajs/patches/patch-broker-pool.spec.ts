import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createKafka } from '../kafka-client.ts';

const require = createRequire(import.meta.url);

interface Pool {
  brokers: Record<string, object>;
  findBroker(by: { nodeId: string }): Promise<object>;
  withBroker(ask: () => Promise<string>): Promise<string>;
}

const BrokerPool = require('kafkajs/src/cluster/brokerPool.js') as { prototype: Pool };

function poolOf(...ids: string[]): Pool {
  const pool = Object.create(BrokerPool.prototype) as Pool;
  pool.brokers = Object.fromEntries(ids.map((id) => [id, {}]));
  pool.findBroker = async ({ nodeId }) => ({ nodeId });
  return pool;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A port where nothing listens. */
async function refusingPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('patchBrokerPool', () => {
  it('asks the next broker when one does not answer', async () => {
    const answers = [Promise.reject(new Error('closed')), Promise.resolve('answer')];
    await expect(poolOf('1', '2').withBroker(() => answers.shift()!)).resolves.toBe('answer');
  });

  it('says why no broker answered, where kafkajs said nothing', async () => {
    const why = new Error('closed');
    await expect(poolOf('1', '2').withBroker(() => Promise.reject(why))).rejects.toBe(why);
    await expect(poolOf().withBroker(() => Promise.resolve(''))).rejects.toThrow('No brokers');
  });

  it('ends a client that is disconnected while it tries to connect', async () => {
    const brokers = [`127.0.0.1:${await refusingPort()}`];
    const connection = { brokers, clientId: 'c', ssl: false, topicPrefix: '', log: silent };
    const admin = createKafka(connection, { retries: Infinity, maxRetryTime: 100 }).admin();
    const connected = admin.connect();
    await admin.disconnect();
    await expect(connected).rejects.toThrow('The client is disconnected');
  });
});
