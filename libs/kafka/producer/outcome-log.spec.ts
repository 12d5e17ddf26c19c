import type { OutcomeItem } from '#delivery';
import { createOutcomeLog } from './outcome-log.ts';
import type { OutgoingRecord } from './outgoing-record.ts';

const item = (id: number, responseLength = 10): OutcomeItem => ({
  eventSource: 'switch',
  eventId: `e${id}`,
  sequence: 1,
  kind: 'call',
  number: '0312345679',
  lineNumber: '0312345678',
  at: '2026-11-21T10:00:00+09:00',
  reason: 'notify',
  recipients: [
    { address: 'a@example.jp', state: 'accepted', attempts: 1, response: '着'.repeat(responseLength) },
  ],
});

/** A publisher whose acknowledgements the test gives. */
class HeldPublisher {
  readonly sent: { record: OutgoingRecord; acknowledge: PromiseWithResolvers<void> }[] = [];

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    const sent = records.map((record) => ({ record, acknowledge: Promise.withResolvers<void>() }));
    this.sent.push(...sent);
    return Promise.all(sent.map(({ acknowledge }) => acknowledge.promise)).then(() => undefined);
  }

  async untilSent(count: number): Promise<void> {
    while (this.sent.length < count) await new Promise((resolve) => setImmediate(resolve));
  }

  idsOf(index: number): string[] {
    const body = JSON.parse(String(this.sent[index]!.record.value)) as { items: OutcomeItem[] };
    return body.items.map(({ eventId }) => eventId);
  }
}

/** What a promise rejects with, awaited later than it happens. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('createOutcomeLog', () => {
  it('joins what is published at about the same time into one record', async () => {
    const publisher = new HeldPublisher();
    const log = createOutcomeLog(publisher, '/denwa-notify');
    const first = log.publish([item(1), item(2)]);
    const second = log.publish([item(3)]);
    await publisher.untilSent(1);
    expect(publisher.idsOf(0)).toEqual(['e1', 'e2', 'e3']);
    const { topic, key, headers } = publisher.sent[0]!.record;
    expect({ topic, key }).toEqual({ topic: 'notify-outcomes', key: null });
    expect(headers).toMatchObject({
      ce_specversion: '1.0',
      ce_source: '/denwa-notify',
      ce_type: 'outcomes.v1',
      'content-type': 'application/json',
    });
    publisher.sent[0]!.acknowledge.resolve();
    await Promise.all([first, second]);
  });

  it('resolves only when Kafka has acknowledged every record that holds its items', async () => {
    const publisher = new HeldPublisher();
    let resolved = false;
    const published = createOutcomeLog(publisher, 's')
      .publish(Array.from({ length: 10 }, (_, id) => item(id, 40_000)))
      .then(() => (resolved = true));
    await publisher.untilSent(3);
    publisher.sent[0]!.acknowledge.resolve();
    publisher.sent[1]!.acknowledge.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(resolved).toBe(false);
    publisher.sent[2]!.acknowledge.resolve();
    await published;
    expect(publisher.sent.flatMap((_, index) => publisher.idsOf(index))).toHaveLength(10);
  });

  it('makes no record larger than 512 KB, counted in octets', async () => {
    const publisher = new HeldPublisher();
    void createOutcomeLog(publisher, 's').publish(Array.from({ length: 3_000 }, (_, id) => item(id, 100)));
    await publisher.untilSent(3);
    for (const { record } of publisher.sent) {
      expect(Buffer.byteLength(record.value ?? '')).toBeLessThanOrEqual(512 * 1024);
      expect(Buffer.byteLength(record.value ?? '')).toBeGreaterThan(400 * 1024);
    }
  });

  it('tells everybody whose items were not acknowledged', async () => {
    const publisher = new HeldPublisher();
    const log = createOutcomeLog(publisher, 's');
    const first = rejection(log.publish([item(1)]));
    const second = rejection(log.publish([item(2)]));
    await publisher.untilSent(1);
    publisher.sent[0]!.acknowledge.reject(new Error('gone'));
    expect(await first).toEqual(new Error('gone'));
    expect(await second).toEqual(new Error('gone'));
  });

  it('has nothing to wait for when there is nothing to publish', async () => {
    await expect(createOutcomeLog(new HeldPublisher(), 's').publish([])).resolves.toBeUndefined();
  });
});
