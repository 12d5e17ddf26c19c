/** Counts what is in flight, in records or bytes, and lets the fetch loop wait while that is over a limit. */
export class InFlightLimit {
  private readonly limit: number;
  private inFlight = 0;
  private waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  add(amount: number): void {
    this.inFlight += amount;
  }

  remove(amount: number): void {
    this.inFlight -= amount;
    if (this.inFlight > this.limit || this.waiting.length === 0) return;
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves as soon as no more than the limit is in flight. */
  withinLimit(): Promise<void> {
    if (this.inFlight <= this.limit) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
