import type { RecordedAction } from '#events';
import type { ActionOutbox } from '#redis';

/** An outbox in memory, in which everything is due at once. */
export interface MemoryOutbox extends ActionOutbox {
  /** What it holds, in the order of being added. */
  readonly texts: readonly string[];
  readonly actions: () => RecordedAction[];
}

/** An outbox in memory, with room for `limit` texts where that is fewer than asked for. */
export function memoryOutbox(room = Infinity): MemoryOutbox {
  const texts: string[] = [];
  const drop = (text: string): void => {
    const at = texts.indexOf(text);
    if (at >= 0) texts.splice(at, 1);
  };
  return {
    texts,
    actions: () => texts.map((text) => JSON.parse(text) as RecordedAction),
    async add(text, { limit }) {
      if (texts.length >= Math.min(limit, room)) return false;
      texts.push(text);
      return true;
    },
    async replace(before, after) {
      drop(before);
      texts.push(after);
    },
    take: async () => [...texts],
    async remove(gone) {
      for (const text of gone) drop(text);
    },
    async backlog() {
      const times = texts.map((text) => (JSON.parse(text) as RecordedAction).at);
      return { count: texts.length, oldestAt: times.length > 0 ? Math.min(...times) : undefined };
    },
  };
}
