import type { Backlog } from '#metrics';
import { EMPTY_OUTBOX, isAllTold, isDone, touched, withNews, type Outbox } from '../switch/outbox.ts';
import type { SwitchOutbox } from '../switch/switch-outbox.ts';
import { newsBetween, type SwitchPlace, type SwitchState } from '../switch/switch-state.ts';

/** What the switch has to be told, for tests: the contract of the one in Redis, without a server. */
export class InMemorySwitchOutbox implements SwitchOutbox {
  readonly #stateOf: (place: SwitchPlace) => SwitchState;
  readonly #outboxes = new Map<SwitchPlace, Outbox>();
  readonly #waiting = new Set<SwitchPlace>();
  readonly #listeners: ((place: SwitchPlace) => void)[] = [];

  /** `stateOf` gives the state that is stored now. */
  constructor(stateOf: (place: SwitchPlace) => SwitchState) {
    this.#stateOf = stateOf;
  }

  /** Writes something to the settings, and what it makes new to the switch of these places (`newsBetween`). */
  note(places: readonly SwitchPlace[], write: () => void, isOrder = false): void {
    const before = places.map(this.#stateOf);
    write();
    for (const [index, place] of places.entries()) {
      const news = newsBetween(before[index] ?? this.#stateOf(place), this.#stateOf(place), isOrder);
      if (!news) continue;
      this.#outboxes.set(place, withNews(this.#outboxOf(place), news, Date.now()));
      this.#waiting.add(place);
      for (const listener of this.#listeners) listener(place);
    }
  }

  isTold(place: SwitchPlace): boolean {
    return isAllTold(this.#outboxOf(place));
  }

  async waiting(): Promise<readonly SwitchPlace[]> {
    return [...this.#waiting].slice(0, 100);
  }

  async backlog(): Promise<Backlog> {
    return { count: this.#waiting.size, oldestAt: undefined };
  }

  async change<R>(
    place: SwitchPlace,
    step: (outbox: Outbox, state: SwitchState) => { readonly result: R; readonly outbox?: Outbox },
  ): Promise<R> {
    const { result, outbox } = step(this.#outboxOf(place), this.#stateOf(place));
    if (outbox) this.#outboxes.set(place, outbox);
    return result;
  }

  async forget(place: SwitchPlace): Promise<void> {
    const outbox = this.#outboxOf(place);
    if (!isDone(outbox)) return;
    this.#outboxes.set(place, touched(outbox, Date.now()));
    this.#waiting.delete(place);
  }

  onNews(listener: (place: SwitchPlace) => void): void {
    this.#listeners.push(listener);
  }

  #outboxOf(place: SwitchPlace): Outbox {
    return this.#outboxes.get(place) ?? EMPTY_OUTBOX;
  }
}
