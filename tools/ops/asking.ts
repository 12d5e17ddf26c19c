/** The name of the history's Redis in messages, when it is a separate one. */
export const HISTORY = "The history's Redis";

/** What an answer lacks when a server does not answer. */
const LACKING = {
  Redis: 'this is what Kafka knows',
  [HISTORY]: 'the outcomes are those that Kafka knows',
  Kafka: 'what waits, the dead letters and older outcomes are missing here',
} as const;
type Server = keyof typeof LACKING;

/** Queries servers and remembers which ones failed: the rest of the answer is still useful. */
export class Asking {
  readonly away = new Set<Server>();

  /** Resolves with what `read` finds. If the server cannot be reached, says so once and resolves with `otherwise`. */
  async ask<T, O>(server: Server, otherwise: O, read: () => Promise<T>): Promise<T | O> {
    if (this.away.has(server)) return otherwise;
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      // A missing topic is an answer, not a failure of the server.
      if (error.code !== 'topics-unfit') this.away.add(server);
      console.error(`${server} could not be asked, so ${LACKING[server]}: ${error.message}`);
      return otherwise;
    }
  }
}
