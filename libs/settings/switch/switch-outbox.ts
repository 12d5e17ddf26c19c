import type { Backlog } from '#metrics';
import type { Outbox } from './outbox.ts';
import type { SwitchPlace, SwitchState } from './switch-state.ts';

/**
 * What the switch has to be told, stored with the settings: a change of settings and what it makes new are one step
 * (V5). Every method rejects with an error whose `retryable` says whether trying again can help.
 */
export interface SwitchOutbox {
  /** Some places that may have something to be told, at most 100. */
  waiting(): Promise<readonly SwitchPlace[]>;
  /** How many such places there are, and since when the oldest. */
  backlog(): Promise<Backlog>;
  /**
   * Changes the outbox of a place. The step sees the state that belongs to it, and is repeated until nobody else has
   * written in between; so it must be pure. Without an outbox nothing is written.
   */
  change<R>(
    place: SwitchPlace,
    step: (outbox: Outbox, state: SwitchState) => { readonly result: R; readonly outbox?: Outbox },
  ): Promise<R>;
  /**
   * Forgets that a place may have something to be told, unless it has, or a change that brings something is under way:
   * a change notes the place before it is written.
   */
  forget(place: SwitchPlace): Promise<void>;
  /** From now on calls `listener` with each place of which this process has written something new. */
  onNews(listener: (place: SwitchPlace) => void): void;
}
