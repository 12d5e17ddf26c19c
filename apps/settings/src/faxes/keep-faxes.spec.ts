import { Registry } from 'prom-client';
import type { FaxEvent, RawRecord } from '#events';
import { record } from '../../../../libs/events/testing/decode-records.ts';
import { CALL, FAX } from '../../../../libs/events/testing/samples.ts';
import { keepFaxes } from './keep-faxes.ts';

const fax = (documentId: string): RawRecord => record('fax.v1', { ...FAX, documentId });

describe('F2 what is read for the list of received FAXes', () => {
  let hasMemory = true;
  let isAway = false;
  const kept: FaxEvent[] = [];
  const registry = new Registry();
  const keep = keepFaxes({
    faxes: {
      keep: async (faxes) => {
        if (isAway) throw new Error('away');
        kept.push(...faxes);
      },
    },
    evictor: { hasMemory: async () => hasMemory },
    registry,
  });

  it('is kept, unless it is malformed or memory is short, and counted once Redis has it', async () => {
    const broken = record('fax.v1', { ...FAX, pages: 'three' });
    const noJson = { ...fax('f-0'), value: Buffer.from('{') };
    await keep([fax('f-1'), broken, fax('f-2'), noJson, { ...record('call.v1', CALL), topic: 'fax-events' }]);
    await keep([broken]);
    isAway = true;
    await expect(keep([fax('f-4'), broken])).rejects.toThrow('away');
    isAway = false;
    hasMemory = false;
    await keep([fax('f-3')]);
    expect(kept.map(({ documentId }) => documentId)).toEqual(['f-1', 'f-2']);
    expect(kept[0]).toMatchObject({ calledNumber: '0312345679', pages: 3, sender: { withheld: 'C' } });
    expect((await registry.getMetricsAsJSON())[0]?.values).toMatchObject([
      { labels: { result: 'kept' }, value: 2 },
      { labels: { result: 'malformed' }, value: 4 },
      { labels: { result: 'no-memory' }, value: 1 },
    ]);
  });
});
