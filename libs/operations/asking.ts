/** A server that is asked for what is known. `History` is the history's Redis, when that is a separate one. */
export type AskedServer = 'Redis' | 'History' | 'Kafka';

/** A question that a server did not answer. */
export interface Unanswered {
  readonly server: AskedServer;
  /** Why, as its error says. */
  readonly message: string;
  /** Whether the server could not be reached; otherwise what was asked for is not there, e.g. a topic. */
  readonly isAway: boolean;
}

/** Asks servers and remembers which ones failed: the rest of the answer is still useful. */
export class Asking {
  readonly unanswered: Unanswered[] = [];

  /** Resolves with what `read` finds. If the server cannot be reached, notes so once and resolves with `otherwise`. */
  async ask<T, O>(server: AskedServer, otherwise: O, read: () => Promise<T>): Promise<T | O> {
    if (this.isAway(server)) return otherwise;
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      // A missing topic is an answer, not a failure of the server.
      this.unanswered.push({ server, message: error.message, isAway: error.code !== 'topics-unfit' });
      return otherwise;
    }
  }

  /** Whether the server has failed to answer. */
  isAway(server: AskedServer): boolean {
    return this.unanswered.some((one) => one.isAway && one.server === server);
  }
}
