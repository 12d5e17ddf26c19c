import type { FaxEvent, Party } from '#events';
import { bodyOf, packHead, type PackedOutcome } from './pack-outcome.ts';
import type { ReceivedFax } from './received-faxes.ts';

/** The number is that of the list. A line number that is the same is stored as 0. */
type Body = readonly [
  lineNumber: string | 0,
  sender: Party,
  pages: number,
  complete: boolean,
  documentId: string,
];

/** Packs a FAX into the head that outcomes have too, so that the same script keeps both, and JSON. */
export function packFax(fax: FaxEvent, keptAt: number): Buffer {
  const { source: eventSource, id: eventId, at, calledNumber, lineNumber, sender, pages, complete } = fax;
  const head = packHead({ eventSource, eventId, sequence: 1, keptAt, at: Math.max(at, 0) });
  const body: Body = [lineNumber === calledNumber ? 0 : lineNumber, sender, pages, complete, fax.documentId];
  return Buffer.concat([head, Buffer.from(JSON.stringify(body))]);
}

/** Unpacks an entry of a number's list. */
export function unpackFax(calledNumber: string, entry: PackedOutcome): ReceivedFax {
  const [lineNumber, sender, pages, complete, documentId] = JSON.parse(bodyOf(entry).toString()) as Body;
  return {
    calledNumber,
    lineNumber: lineNumber === 0 ? calledNumber : lineNumber,
    at: entry.at,
    sender,
    pages,
    complete,
    documentId,
  };
}
