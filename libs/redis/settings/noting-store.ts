import {
  bulkTransferState,
  newsBetween,
  voiceWarpState,
  withNews,
  type SwitchNews,
  type SwitchPlace,
} from '#settings';
import type { StoredOutbox } from './create-switch-outbox.ts';
import type { DocumentStore, RawDocuments, UntoldSwap } from './document-store.ts';
import { parseLine, parseNumber } from './documents.ts';
import { parseOutbox } from './outbox-document.ts';

/** What a write has written so far. */
export interface Noted {
  /** The keys that have to be on disk before it is answered. */
  readonly keys: Set<string>;
  /** Of what the switch has to be told. */
  readonly places: Set<SwitchPlace>;
}

type After = object | string | null;

/**
 * The documents as one write sees them: it notes what is written, and whatever it makes new to the switch is written in
 * the same step (V5). A line's accounts are on the line's node, and its document is written after them, so they are on
 * disk no later than that.
 */
export function notingStore(documents: RawDocuments, outbox: StoredOutbox, noted: Noted): DocumentStore {
  const { keys } = documents;
  const untold = async (
    place: SwitchPlace,
    news: SwitchNews | undefined,
  ): Promise<UntoldSwap | undefined> => {
    if (!news) return undefined;
    const before = await documents.text(keys.untold(place));
    // Before the change: a crash in between leaves a place without news, not news that nobody looks for. And after its
    // outbox is read: see `forget`.
    await outbox.due.add([place]);
    noted.keys.add(outbox.due.key);
    noted.places.add(place);
    const after = withNews(parseOutbox(before, place), news, Date.now());
    return { key: keys.untold(place), before, after: JSON.stringify(after) };
  };
  return {
    ...documents,
    async swapLine(lineNumber, before, after, isOrder) {
      const key = keys.line(lineNumber);
      noted.keys.add(key);
      const state = (text: string | null): ReturnType<typeof bulkTransferState> =>
        bulkTransferState((text === null ? null : parseLine(text, lineNumber).settings) ?? undefined);
      const news = newsBetween(state(before), state(textOf(after)), isOrder);
      return documents.swap(key, before, textOf(after), await untold(`bulk-transfer:${lineNumber}`, news));
    },
    async swapNumber(number, before, after) {
      const key = keys.number(number);
      noted.keys.add(key);
      const news = newsOfNumber(number, before, textOf(after));
      return documents.swap(key, before, textOf(after), await untold(`voice-warp:${number}`, news));
    },
    async handOver(number, before, after) {
      // Its other keys are on the number's node, so they are on disk no later than this one.
      noted.keys.add(keys.number(number));
      const news = newsOfNumber(number, before, textOf(after));
      return documents.handOver(number, before, textOf(after), await untold(`voice-warp:${number}`, news));
    },
  };
}

function newsOfNumber(number: string, before: string | null, after: string | null): SwitchNews | undefined {
  const state = (text: string | null): ReturnType<typeof voiceWarpState> =>
    voiceWarpState(text === null ? undefined : parseNumber(text, number).settings);
  return newsBetween(state(before), state(after));
}

function textOf(after: After): string | null {
  return typeof after === 'object' && after !== null ? JSON.stringify(after) : after;
}
