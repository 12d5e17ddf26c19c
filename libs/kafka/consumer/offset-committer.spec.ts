import type { Offsets } from '../kafkajs/kafka-client.ts';
import { OffsetCommitter } from './offset-committer.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe('OffsetCommitter', () => {
  it('commits in one request what is staged, the last offset of each partition', async () => {
    const requests: Offsets[] = [];
    const committer = new OffsetCommitter(silent);
    committer.commitWith(async (offsets) => void requests.push(offsets));
    committer.stage('a', 0, '5');
    committer.stage('a', 0, '9');
    committer.stage('a', 1, '2');
    committer.stage('b', 0, '1');
    await committer.flush();
    await committer.flush();
    expect(requests).toEqual([
      {
        topics: [
          {
            topic: 'a',
            partitions: [
              { partition: 0, offset: '9' },
              { partition: 1, offset: '2' },
            ],
          },
          { topic: 'b', partitions: [{ partition: 0, offset: '1' }] },
        ],
      },
    ]);
  });

  it('puts what is staged during a request into the next one, and waits for it', async () => {
    const requests: PromiseWithResolvers<void>[] = [];
    const committer = new OffsetCommitter(silent);
    committer.commitWith(() => {
      requests.push(Promise.withResolvers<void>());
      return requests.at(-1)!.promise;
    });
    committer.stage('a', 0, '1');
    const first = committer.flush();
    await new Promise((resolve) => setImmediate(resolve));
    committer.stage('a', 1, '1');
    committer.stage('a', 2, '1');
    let over = 0;
    const others = [committer.flush(), committer.flush()].map((flushed) => flushed.then(() => (over += 1)));
    requests[0]!.resolve();
    await first;
    await new Promise((resolve) => setImmediate(resolve));
    expect(requests).toHaveLength(2);
    expect(over).toBe(0);
    requests[1]!.resolve();
    await Promise.all(others);
    expect(requests).toHaveLength(2);
  });

  it('keeps what could not be committed, unless newer offsets are staged, until the next membership', async () => {
    const requests: Offsets[] = [];
    const committer = new OffsetCommitter(silent);
    committer.stage('a', 0, '5');
    committer.stage('a', 1, '5');
    committer.commitWith(async () => {
      committer.stage('a', 0, '8');
      throw new Error('coordinator away');
    });
    await committer.flush();
    committer.commitWith(async (offsets) => void requests.push(offsets));
    await committer.flush();
    expect(requests[0]!.topics[0]!.partitions).toEqual([
      { partition: 0, offset: '8' },
      { partition: 1, offset: '5' },
    ]);
    committer.stage('a', 0, '9');
    committer.resume();
    await committer.flush();
    expect(requests).toHaveLength(1);
  });

  it('also drops a request that fails across a rebalance: another consumer may have committed more', async () => {
    const requests: Offsets[] = [];
    const underWay = Promise.withResolvers<void>();
    const committer = new OffsetCommitter(silent);
    committer.stage('a', 0, '5');
    const begun = Promise.withResolvers<void>();
    committer.commitWith(() => {
      begun.resolve();
      return underWay.promise;
    });
    const flushed = committer.flush();
    await begun.promise;
    committer.resume();
    underWay.reject(new Error('UNKNOWN_MEMBER_ID'));
    await flushed;
    committer.commitWith(async (offsets) => void requests.push(offsets));
    await committer.flush();
    expect(requests).toEqual([]);
  });

  it('commits nothing between two memberships', async () => {
    const requests: Offsets[] = [];
    const committer = new OffsetCommitter(silent);
    committer.commitWith(async (offsets) => void requests.push(offsets));
    committer.stage('a', 0, '5');
    committer.suspend();
    committer.stage('a', 0, '6');
    await committer.flush();
    committer.resume();
    await committer.flush();
    expect(requests).toEqual([]);
    committer.stage('a', 0, '7');
    await committer.flush();
    expect(requests).toHaveLength(1);
  });
});
