import { createRequire } from 'node:module';
import { assignerWith } from '../group-hooks.ts';
import { patchConsumerGroup } from './patch-consumer-group.ts';

patchConsumerGroup();

interface Group {
  assigners: unknown[];
  seekOffset: Map<string, unknown>;
  memberId: string | null;
  retrier: () => Promise<void>;
  joinAndSync(): Promise<void>;
  leave(): Promise<void>;
}

const ConsumerGroup = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup.js') as {
  prototype: Group;
};

const assignerConfig = { groupId: 'g' } as Parameters<ReturnType<typeof assignerWith>>[0];

describe('patchConsumerGroup', () => {
  it('waits for the hook also before a group is left', async () => {
    const steps: string[] = [];
    const group = Object.create(ConsumerGroup.prototype) as Group;
    group.assigners = [
      assignerWith({ onPartitionsRevoked: async () => void steps.push('hook') })(assignerConfig),
    ];
    await group.leave();
    expect(steps).toEqual(['hook']);
  });

  it('waits for the hook of an assigner before a group is joined', async () => {
    const steps: string[] = [];
    const release = Promise.withResolvers<void>();
    const group = Object.create(ConsumerGroup.prototype) as Group;
    const assigner = assignerWith({
      onPartitionsRevoked: async (pendingSeeks) => {
        await release.promise;
        steps.push('hook');
        pendingSeeks.clear();
      },
    })(assignerConfig);
    group.assigners = [assigner];
    group.seekOffset = new Map([['a', {}]]);
    group.retrier = async () => void steps.push('joined');
    const joined = group.joinAndSync();
    await Promise.resolve();
    expect(steps).toEqual([]);
    release.resolve();
    await joined;
    expect(steps).toEqual(['hook', 'joined']);
    expect(group.seekOffset.size).toBe(0);
  });
});

describe('patchConsumerGroup, when a join fails', () => {
  const away = Object.assign(new Error('connection closed'), { retriable: true });

  async function failureOf(memberId: string | null): Promise<unknown> {
    const group = Object.create(ConsumerGroup.prototype) as Group;
    group.assigners = [assignerWith({ onPartitionsRevoked: async () => undefined })(assignerConfig)];
    group.seekOffset = new Map();
    group.memberId = memberId;
    group.retrier = () => Promise.reject(away);
    return group.joinAndSync().then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  it('crashes a consumer that its group has forgotten: it would go on without heartbeats', async () => {
    expect(await failureOf(null)).toMatchObject({ retriable: false, cause: away });
  });

  it('lets one that is a member try again', async () => {
    expect(await failureOf('member-1')).toBe(away);
  });
});
