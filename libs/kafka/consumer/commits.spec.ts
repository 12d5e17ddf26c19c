import type { Offsets } from '../kafkajs/kafka-client.ts';
import { Commits } from './commits.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe('Commits', () => {
  it('commits in one request what was marked, the last mark of a partition', async () => {
    const requests: Offsets[] = [];
    const commits = new Commits(silent);
    commits.use(async (offsets) => void requests.push(offsets));
    commits.mark('a', 0, '5');
    commits.mark('a', 0, '9');
    commits.mark('a', 1, '2');
    commits.mark('b', 0, '1');
    await commits.flush();
    await commits.flush();
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

  it('joins what is marked while a request is under way, and waits for it', async () => {
    const requests: PromiseWithResolvers<void>[] = [];
    const commits = new Commits(silent);
    commits.use(() => {
      requests.push(Promise.withResolvers<void>());
      return requests.at(-1)!.promise;
    });
    commits.mark('a', 0, '1');
    const first = commits.flush();
    await new Promise((resolve) => setImmediate(resolve));
    commits.mark('a', 1, '1');
    commits.mark('a', 2, '1');
    let over = 0;
    const others = [commits.flush(), commits.flush()].map((flushed) => flushed.then(() => (over += 1)));
    requests[0]!.resolve();
    await first;
    await new Promise((resolve) => setImmediate(resolve));
    expect(requests).toHaveLength(2);
    expect(over).toBe(0);
    requests[1]!.resolve();
    await Promise.all(others);
    expect(requests).toHaveLength(2);
  });

  it('keeps what could not be committed, behind what was marked since, until the assignment is new', async () => {
    const requests: Offsets[] = [];
    const commits = new Commits(silent);
    commits.mark('a', 0, '5');
    commits.mark('a', 1, '5');
    commits.use(async () => {
      commits.mark('a', 0, '8');
      throw new Error('coordinator away');
    });
    await commits.flush();
    commits.use(async (offsets) => void requests.push(offsets));
    await commits.flush();
    expect(requests[0]!.topics[0]!.partitions).toEqual([
      { partition: 0, offset: '8' },
      { partition: 1, offset: '5' },
    ]);
    commits.mark('a', 0, '9');
    commits.begin();
    await commits.flush();
    expect(requests).toHaveLength(1);
  });

  it('forgets also what is under way and fails: another may have committed more meanwhile', async () => {
    const requests: Offsets[] = [];
    const underWay = Promise.withResolvers<void>();
    const commits = new Commits(silent);
    commits.mark('a', 0, '5');
    const begun = Promise.withResolvers<void>();
    commits.use(() => {
      begun.resolve();
      return underWay.promise;
    });
    const flushed = commits.flush();
    await begun.promise;
    commits.begin();
    underWay.reject(new Error('UNKNOWN_MEMBER_ID'));
    await flushed;
    commits.use(async (offsets) => void requests.push(offsets));
    await commits.flush();
    expect(requests).toEqual([]);
  });

  it('commits nothing between two memberships', async () => {
    const requests: Offsets[] = [];
    const commits = new Commits(silent);
    commits.use(async (offsets) => void requests.push(offsets));
    commits.mark('a', 0, '5');
    commits.hold();
    commits.mark('a', 0, '6');
    await commits.flush();
    commits.begin();
    await commits.flush();
    expect(requests).toEqual([]);
    commits.mark('a', 0, '7');
    await commits.flush();
    expect(requests).toHaveLength(1);
  });
});
