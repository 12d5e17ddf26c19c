import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RecordBatch } from '#delivery';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { keepLog } from '../support/run-log.ts';
import {
  numberOf,
  prepareConsumer,
  publishEvents,
  startConsumer,
  type ConsumerTest,
} from './kafka-consumer-for-test.ts';

const CONSUMER_PROCESS = fileURLToPath(new URL('kafka-consumer-process.ts', import.meta.url));
const LIMIT_MS = 90_000;

interface Step {
  readonly step: 'joined' | 'begin' | 'end';
  readonly number: number;
  readonly at: number;
}

interface ConsumerProcess {
  readonly child: ChildProcess;
  readonly steps: readonly Step[];
  /** The events it took that step with, since then. */
  numbers(step: Step['step'], since?: number): Set<number>;
}

/** A consumer in a process of its own; resolves when it has joined the group. */
async function startProcess({ connection, groupId }: ConsumerTest): Promise<ConsumerProcess> {
  const args = [
    '--conditions=source',
    CONSUMER_PROCESS,
    connection.brokers.join(),
    connection.topicPrefix,
    groupId,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr?.on('data', keepLog);
  closeLater(() => child.kill('SIGKILL'));
  const steps: Step[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => steps.push(JSON.parse(line) as Step));
  await eventually(() => steps.some(({ step }) => step === 'joined'));
  const numbers = (step: Step['step'], since = 0): Set<number> =>
    new Set(steps.filter((one) => one.step === step && one.at >= since).map(({ number }) => number));
  return { child, steps, numbers };
}

function common(one: ReadonlySet<number>, other: ReadonlySet<number>): number[] {
  return [...one].filter((number) => other.has(number));
}

describe('two consumers of a group', () => {
  it(
    'share the work, hand it over when one joins and leaves, lose nothing and do nothing twice',
    async () => {
      const test = await prepareConsumer(6);
      const seen = new Map<number, string[]>();
      const worker = (name: string) => (batch: RecordBatch) =>
        workAll(batch, (number) => seen.set(number, [...(seen.get(number) ?? []), name]));
      const first = await startConsumer(test, worker('first'));
      let published = 0;
      const publishMore = async (): Promise<void> => {
        await publishEvents(test, published, published + 500);
        published += 500;
      };
      await publishMore();
      await eventually(() => seen.size > 100);
      const second = await startConsumer(test, worker('second'));
      await publishMore();
      await eventually(() => [...seen.values()].some((names) => names.includes('second')));
      await publishMore();
      await first.close();
      await publishMore();
      await eventually(() => seen.size === published);
      await second.close();
      expect([...seen.values()].filter((names) => names.length > 1)).toEqual([]);
      expect(test.lines.filter(({ level }) => level === 'error')).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'go on after a kill where the other had committed, and lose nothing',
    async () => {
      const test = await prepareConsumer(3);
      const first = await startProcess(test);
      await publishEvents(test, 0, 3_000);
      await eventually(() => first.numbers('end').size > 1_000);
      first.child.kill('SIGKILL');
      await once(first.child, 'exit');
      const killed = Date.now();
      const second = await startProcess(test);
      await eventually(
        () => new Set([...first.numbers('end'), ...second.numbers('end')]).size === 3_000,
        60_000,
      );
      expect(Date.now() - killed).toBeLessThan(40_000);
      // What the first did in the second before its death was not committed yet.
      expect(common(first.numbers('end'), second.numbers('begin')).length).toBeLessThan(700);
    },
    LIMIT_MS,
  );

  it(
    'do not work twice what a frozen one still had in hand when it thaws beyond its session',
    async () => {
      const test = await prepareConsumer(6);
      const first = await startProcess(test);
      const second = await startProcess(test);
      await publishEvents(test, 0, 6_000);
      await eventually(() => first.numbers('end').size > 200 && second.numbers('end').size > 200);
      first.child.kill('SIGSTOP');
      const frozen = Date.now();
      const others = new Set(first.numbers('begin'));
      await eventually(() => new Set([...others, ...second.numbers('end')]).size === 6_000, 60_000);
      first.child.kill('SIGCONT');
      const thawed = Date.now();
      // More and more of them: the first few may all be worked before it has joined again.
      let published = 6_000;
      await eventually(async () => {
        await publishEvents(test, published, published + 12);
        published += 12;
        return first.numbers('end', thawed).size > 0;
      }, 60_000);
      await eventually(() => allDone(first, second, published), 60_000);
      expect(thawed - frozen).toBeGreaterThan(8_000);
      // One event may be under way when the process is frozen, in each partition.
      expect(common(first.numbers('begin', thawed), second.numbers('begin')).length).toBe(0);
    },
    LIMIT_MS,
  );
});

function allDone(first: ConsumerProcess, second: ConsumerProcess, count: number): boolean {
  return new Set([...first.numbers('end'), ...second.numbers('end')]).size === count;
}

async function workAll(batch: RecordBatch, saw: (number: number) => void): Promise<undefined> {
  for (const record of batch.records) {
    if (batch.signal.aborted) return undefined;
    saw(numberOf(record));
    await new Promise((resolve) => setImmediate(resolve));
    batch.ack(record);
  }
  return undefined;
}
