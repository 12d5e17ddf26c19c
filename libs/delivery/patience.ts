/** `queued`: the work has not begun. `begun`: it has. `left`: nobody waits for it any more. `ended`: it is over. */
type State = 'queued' | 'begun' | 'left' | 'ended';

/**
 * Limits the wait for work that may go on without anybody waiting. The time runs from the construction, and again from
 * `begin`. Whenever it is over, `leave` returns the value that ends the wait, or `undefined` to wait as long again.
 */
export class Patience<T> {
  /** Resolves when the wait is left before the work has ended; stays pending otherwise. */
  readonly left: Promise<T>;
  private readonly ms: number;
  private readonly leave: (hasBegun: boolean) => T | undefined;
  private readonly resolve: (value: T) => void;
  private state: State = 'queued';
  private timer: NodeJS.Timeout | undefined;

  constructor(ms: number, leave: (hasBegun: boolean) => T | undefined) {
    const { promise, resolve } = Promise.withResolvers<T>();
    this.left = promise;
    this.resolve = resolve;
    this.ms = ms;
    this.leave = leave;
    this.wait();
  }

  get isLeft(): boolean {
    return this.state === 'left';
  }

  /** The work begins now. */
  begin(): void {
    if (this.state !== 'queued') return;
    this.state = 'begun';
    this.wait();
  }

  /** The work is over. */
  end(): void {
    clearTimeout(this.timer);
    if (this.state !== 'left') this.state = 'ended';
  }

  private wait(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const value = this.leave(this.state === 'begun');
      if (value === undefined) return this.wait();
      this.state = 'left';
      this.resolve(value);
    }, this.ms);
  }
}
