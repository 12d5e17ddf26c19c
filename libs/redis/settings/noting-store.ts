import { newsBetween, withNews, type SwitchPlace } from '#settings';
import type { StoredOutbox } from './create-switch-outbox.ts';
import type { DocumentStore, RawDocuments, UntoldSwap } from './document-store.ts';
import { lineText, numberText, switchStateIn } from './documents.ts';
import { parseOutbox } from './outbox-document.ts';

/** What a write has written so far. */
export interface Noted {
  /** The keys that have to be on disk before it is answered. */
  readonly keys: Set<string>;
  /** Of what the switch has to be told. */
  readonly places: Set<SwitchPlace>;
}

/**
 * The documents as one write sees them: it notes what is written, and whatever it makes new to the switch is written in
 * the same step (V5). A line's accounts are on the line's node, and its document is written after them, so they are on
 * disk no later than that.
 */
export function notingStore(documents: RawDocuments, outbox: StoredOutbox, noted: Noted): DocumentStore {
  const { keys } = documents;
  const parts = { documents, outbox, noted };
  return {
    ...documents,
    async swapLine(lineNumber, before, document, isOrder) {
      const [key, after] = [keys.line(lineNumber), textOf(document, lineText)];
      noted.keys.add(key);
      const untold = await untoldSwap(parts, `bulk-transfer:${lineNumber}`, { before, after, isOrder });
      return documents.swap(key, before, after, untold);
    },
    async swapNumber(number, before, document) {
      const [key, after] = [keys.number(number), textOf(document, numberText)];
      noted.keys.add(key);
      const untold = await untoldSwap(parts, `voice-warp:${number}`, { before, after });
      return documents.swap(key, before, after, untold);
    },
    async handOver(number, before, document) {
      const after = textOf(document, numberText);
      // Its other keys are on the number's node, so they are on disk no later than this one.
      noted.keys.add(keys.number(number));
      const untold = await untoldSwap(parts, `voice-warp:${number}`, { before, after });
      return documents.handOver(number, before, after, untold);
    },
  };
}

/** A place's document as it was read and as it is to be. */
interface DocumentChange {
  readonly before: string | null;
  readonly after: string | null;
  readonly isOrder?: boolean | undefined;
}

/** The outbox of a place with what a change makes new to the switch; `undefined`: nothing is. */
async function untoldSwap(
  { documents, outbox, noted }: { documents: RawDocuments; outbox: StoredOutbox; noted: Noted },
  place: SwitchPlace,
  { before, after, isOrder }: DocumentChange,
): Promise<UntoldSwap | undefined> {
  const news = newsBetween(switchStateIn(place, before), switchStateIn(place, after), isOrder);
  if (!news) return undefined;
  const key = documents.keys.untold(place);
  const read = await documents.text(key);
  // Before the change: a crash in between leaves a place without news, not news that nobody looks for. And after its
  // outbox is read: see `forget`.
  await outbox.due.add([place]);
  noted.keys.add(outbox.due.key);
  noted.places.add(place);
  return { key, before: read, after: JSON.stringify(withNews(parseOutbox(read, place), news, Date.now())) };
}

function textOf<T extends object>(after: T | string | null, write: (document: T) => string): string | null {
  return typeof after === 'object' && after !== null ? write(after) : after;
}
