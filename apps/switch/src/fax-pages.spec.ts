import { encodeEvent, type EncodedEvent } from '#events';
import { CALL, FAX } from '../../../libs/events/testing/samples.ts';
import { putFaxPages } from './fax-pages.ts';
import { onePagePdf } from './one-page-pdf.ts';

const event = (type: 'call.v1' | 'fax.v1', data: object): EncodedEvent =>
  encodeEvent({ type, source: '/switch/1', id: 'e-1', time: 0, key: null, data } as never);

describe('F2 the pages of the simulated switch', () => {
  it('are put into the store for each FAX, and for nothing else', async () => {
    const put: [string, string][] = [];
    const documents = {
      put: async (id: string, pdf: Uint8Array) => void put.push([id, Buffer.from(pdf).toString()]),
    };
    await putFaxPages(documents, [
      event('fax.v1', FAX),
      event('call.v1', CALL),
      event('fax.v1', { ...FAX, sender: { number: '0698765432' }, complete: false, documentId: 'f-2' }),
    ]);
    expect(put.map(([id]) => id)).toEqual(['f-20261121-0001', 'f-2']);
    const [first, second] = put.map(([, pdf]) => pdf);
    for (const line of ['number withheld \\(C\\)', '0312345679', '2026-11-21T10:00:00+09:00', 'Pages: 3'])
      expect(first).toContain(line);
    expect(second).toContain('From: 0698765432');
    expect(second).toContain('Pages: 3 \\(broken off\\)');
  });

  it('are PDFs whose table says where each object is', () => {
    const text = onePagePdf(['(a\\b)', 'ファクス']).toString('latin1');
    expect(text).toContain('(\\(a\\\\b\\)) Tj');
    expect(text).toContain('(????) Tj');
    const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
    expect(text.slice(table)).toMatch(/^xref\n0 6\n0000000000 65535 f \n/);
    const places = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, at]) => Number(at));
    expect(places.map((at) => text.slice(at, at + 7))).toEqual([1, 2, 3, 4, 5].map((one) => `${one} 0 obj`));
    const [, length, content = ''] = /\/Length (\d+) >>\nstream\n(.*?)\nendstream/s.exec(text) ?? [];
    expect(content).toHaveLength(Number(length));
  });
});
