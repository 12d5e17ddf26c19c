import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Prints what stands at the patched places of kafkajs in a process that has our library. */
const PROGRAM = `
  await import('#kafka');
  const { createRequire } = await import('node:module');
  const load = (path) => createRequire(process.cwd() + '/')('kafkajs/src/' + path);
  const group = load('consumer/consumerGroup.js').prototype;
  const pool = load('cluster/brokerPool.js').prototype;
  const queue = Object.create(load('network/requestQueue/index.js').prototype);
  Object.assign(queue, { pending: [], throttleCheckTimeoutId: null }).scheduleCheckPendingRequests();
  const found = [
    load('protocol/recordBatch/v0/decoder.js'),
    load('protocol/recordBatch/record/v0/index.js'),
    load('protocol/recordBatch/crc32C/index.js'),
    group.joinAndSync,
    group.leave,
    group.fetch,
    group.filterPartitionsByNode,
    pool.connect,
    pool.disconnect,
    pool.createSeedBroker,
    pool.connectBroker,
    pool.withBroker,
  ];
  const { Kafka } = (await import('kafkajs')).default;
  console.log(JSON.stringify([...found.map(({ name }) => name), queue.throttleCheckTimeoutId, Kafka.name]));`;

describe('applyPatches', () => {
  it('has patched every place of kafkajs in a process that has our library', async () => {
    const args = ['--conditions=source', '--input-type=module', '-e', PROGRAM];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(JSON.parse(stdout)).toEqual([
      'decodeRecordBatch',
      'encodeRecord',
      'checksum',
      'joinAfterRevoke',
      'leaveAfterRevoke',
      'fetchAsMember',
      'beginAnywhere',
      'connectUnlessEnded',
      'disconnectForGood',
      'createUnlessEnded',
      'connectBrokerUnlessEnded',
      'askEach',
      null,
      'Client',
    ]);
  });
});
