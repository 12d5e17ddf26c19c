/** How the history is named where it has a Redis of its own. */
export const HISTORY = "The history's Redis";

/** What an answer lacks without a server. */
const LACKING = {
  Redis: 'this is what Kafka knows',
  [HISTORY]: 'the outcomes are those that Kafka knows',
  Kafka: 'what waits, the dead letters and older outcomes are missing here',
} as const;
type Server = keyof typeof LACKING;

/** Asks servers, and remembers which could not be asked: the rest of the answer is worth having all the same. */
export class Asking {
  readonly away = new Set<Server>();

  /** What `read` finds; `otherwise` when the server cannot be asked, which is said the first time. */
  async ask<T, O>(server: Server, otherwise: O, read: () => Promise<T>): Promise<T | O> {
    if (this.away.has(server)) return otherwise;
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      // A topic that is not there yet is an answer too.
      if (error.code !== 'topics-unfit') this.away.add(server);
      console.error(`${server} could not be asked, so ${LACKING[server]}: ${error.message}`);
      return otherwise;
    }
  }
}
