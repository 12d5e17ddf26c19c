/** The sends of a process from their queue to their recorded answer; some go on after their record was parked. */
export class InFlightSends {
  private readonly sends = new Set<Promise<unknown>>();

  get size(): number {
    return this.sends.size;
  }

  /** Tracks a send until it is over, and hands it back. */
  track<T>(send: Promise<T>): Promise<T> {
    this.sends.add(send);
    const remove = (): void => void this.sends.delete(send);
    send.then(remove, remove);
    return send;
  }

  /** Resolves when every send of this moment is over, however it ended. */
  async drained(): Promise<void> {
    await Promise.allSettled(this.sends);
  }
}
