/** Counts what is in work, records or bytes, and lets the reader wait until there is room for more. */
export class Room {
  private readonly most: number;
  private inside = 0;
  private waiting: (() => void)[] = [];

  /** There is room while no more than `most` are inside. */
  constructor(most: number) {
    this.most = most;
  }

  enter(amount: number): void {
    this.inside += amount;
  }

  leave(amount: number): void {
    this.inside -= amount;
    if (this.inside > this.most || this.waiting.length === 0) return;
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves when there is room. */
  free(): Promise<void> {
    if (this.inside <= this.most) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
