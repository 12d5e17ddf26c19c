import { encodeEvent } from '#events';
import { createReceivedFaxes } from '#redis';
import { eventually } from '../support/eventually.ts';
import { testProducer } from '../support/kafka.ts';
import { someNumber, startSettingsApi } from '../support/settings-api.ts';
import { uniqueName } from '../support/unique-name.ts';
import { openRedis } from './redis-for-test.ts';

const api = await startSettingsApi();
const producer = await testProducer();
const faxes = createReceivedFaxes(await openRedis({ keyPrefix: api.prefix }));

interface Message {
  readonly value: Buffer;
  readonly headers: Record<string, string>;
}

const fax = (number: string, documentId: string): Message =>
  encodeEvent({
    type: 'fax.v1',
    source: '/switch/1',
    id: documentId,
    time: Date.now(),
    key: number,
    data: {
      lineNumber: number,
      calledNumber: number,
      sender: { number: '0698765432' },
      receivedAt: new Date().toISOString(),
      pages: 2,
      complete: true,
      documentId,
    },
  }) as unknown as Message;

const publish = (...messages: Message[]): Promise<unknown> =>
  producer.send({ topic: `${api.prefix}fax-events`, messages });

describe('F2 received FAXes, as the switch reports them', () => {
  it('are listed once each, behind records that cannot be read, and counted', async () => {
    const [number, document] = [someNumber(), uniqueName('f')];
    const one = fax(number, document);
    await publish({ ...one, value: Buffer.from('{') }, one, one, fax(number, `${document}-2`));
    const listed = await eventually(async () => {
      const found = await faxes.ofNumber(number);
      return found.length >= 2 && found;
    });
    expect(listed.map(({ documentId }) => documentId).toSorted()).toEqual([document, `${document}-2`]);
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(metrics).toContain('notify_history_faxes_total{result="kept"} 3');
    expect(metrics).toContain('notify_history_faxes_total{result="malformed"} 1');
  });
});
