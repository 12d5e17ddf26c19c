import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import { assignerWith } from './patches/join-patch.ts';
import { createKafka } from './kafka-client.ts';
import { createKafkajsLogCreator } from './kafka-log.ts';

interface Queue {
  pending: unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  scheduleCheckPendingRequests(): void;
  destroy(): void;
}

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as new (
  options: object,
) => Queue;

interface JoiningGroup {
  assigners: unknown[];
  seekOffset: Map<string, unknown>;
  offsetManager: unknown;
  fetch(nodeId: string): Promise<unknown[]>;
  retrier: () => Promise<void>;
  joinAndSync(): Promise<void>;
  leave(): Promise<void>;
}

const ConsumerGroup = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup.js') as {
  prototype: JoiningGroup;
};

const assignerConfig = { groupId: 'g' } as Parameters<ReturnType<typeof assignerWith>>[0];

function collectingLog() {
  const lines: [string, object, string][] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push([level, fields, message]);
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

describe('createKafka', () => {
  it('takes a login by each mechanism', () => {
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
      const sasl = { mechanism, username: 'u', password: 'p' };
      const connection = {
        brokers: ['127.0.0.1:1'],
        clientId: 'c',
        ssl: true,
        sasl,
        topicPrefix: '',
        log: collectingLog(),
      };
      expect(createKafka(connection, {}).admin()).toBeDefined();
    }
  });
});

describe('patchRequestQueue', () => {
  it('sets no timer while nothing waits', () => {
    const queue = new RequestQueue({});
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
    queue.pending.push({});
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    queue.destroy();
  });
});

describe('createKafkajsLogCreator', () => {
  const { ERROR, WARN, INFO, DEBUG } = kafkajs.logLevel;

  it.each([
    [ERROR, 'warn'],
    [WARN, 'info'],
    [INFO, 'debug'],
    [DEBUG, 'debug'],
  ])('logs kafkajs’ level %s as %s, for a healthy system logs no ERROR', (level, ours) => {
    const log = collectingLog();
    const entry = {
      timestamp: 'now',
      logger: 'kafkajs',
      message: 'rebalancing',
      stack: 'at …',
      groupId: 'g',
    };
    createKafkajsLogCreator(log)(INFO)({ namespace: 'Runner', level, label: '', log: entry });
    expect(log.lines).toEqual([[ours, { groupId: 'g', kafkajs: 'Runner' }, 'rebalancing']]);
  });

  it('says aloud only once in ten seconds what kafkajs repeats', () => {
    const log = collectingLog();
    let now = 0;
    const say = createKafkajsLogCreator(log, () => now)(INFO);
    const entry = (message: string) => ({
      namespace: 'C',
      level: ERROR,
      label: '',
      log: { timestamp: '', message },
    });
    for (now = 0; now <= 10_000; now += 1_000) say(entry('refused'));
    say(entry('closed'));
    expect(log.lines.filter(([level]) => level === 'warn').map(([, , message]) => message)).toEqual([
      'refused',
      'refused',
      'closed',
    ]);
    expect(log.lines).toHaveLength(12);
  });
});

describe('patchJoin', () => {
  it('waits for the hook also before a group is left', async () => {
    const steps: string[] = [];
    const group = Object.create(ConsumerGroup.prototype) as JoiningGroup;
    group.assigners = [assignerWith({ beforeJoin: async () => void steps.push('hook') })(assignerConfig)];
    await group.leave();
    expect(steps).toEqual(['hook']);
  });

  it('waits for the hook of an assigner before a group is joined', async () => {
    const steps: string[] = [];
    const release = Promise.withResolvers<void>();
    const group = Object.create(ConsumerGroup.prototype) as JoiningGroup;
    const assigner = assignerWith({
      beforeJoin: async ({ forgetSeeks }) => {
        await release.promise;
        steps.push('hook');
        forgetSeeks();
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
