import { decode, FAX_EVENTS_TOPIC, japanTimeToTheSecond, type EncodedEvent, type FaxEvent } from '#events';
import type { FaxDocuments } from '#fax-documents';
import { onePagePdf } from './one-page-pdf.ts';

/** Puts a page into the store for each FAX among events, before anybody hears of it. Other events are passed over. */
export async function putFaxPages(
  documents: Pick<FaxDocuments, 'put'>,
  events: readonly EncodedEvent[],
): Promise<void> {
  for (const event of events.filter(({ topic }) => topic === FAX_EVENTS_TOPIC)) {
    const read = decode({ partition: 0, offset: '0', timestamp: -1, ...event });
    if (read.ok && read.event.kind === 'fax') await documents.put(read.event.documentId, faxPage(read.event));
  }
}

function faxPage({ sender, calledNumber, at, pages, complete, documentId }: FaxEvent): Buffer {
  return onePagePdf([
    'Simulated FAX',
    `From: ${'number' in sender ? sender.number : `number withheld (${sender.withheld})`}`,
    `To: ${calledNumber}`,
    `Received: ${japanTimeToTheSecond(at)}`,
    `Pages: ${pages}${complete ? '' : ' (broken off)'}`,
    `Document: ${documentId}`,
  ]);
}
