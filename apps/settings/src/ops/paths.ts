import type { DeadLetter } from '#operations';

export const OUTCOMES_PATH = '/ops/outcomes';
export const NUMBERS_PATH = '/ops/numbers';
export const LETTERS_PATH = '/ops/dead-letters';
export const ACTIONS_PATH = '/ops/actions';

/** Where the outcomes of a number are. */
export const outcomesPath = (number: string): string =>
  `${OUTCOMES_PATH}?${new URLSearchParams({ q: number }).toString()}`;

/** Where an event's story is told. */
export const storyPath = ({ id, source }: { readonly id: string; readonly source: string }): string =>
  `/ops/event?${new URLSearchParams({ id, source }).toString()}`;

/** Where a number's login is. */
export const accessPath = (number: string): string => `${NUMBERS_PATH}/${number}/access`;

/** Where a dead letter is; a `/` in its id is part of the name. */
export const letterPath = ({ id }: Pick<DeadLetter, 'id'>): string =>
  `${LETTERS_PATH}/${encodeURIComponent(id)}`;

/** What was done to a number, or whatever else actions are about. */
export const actionsPath = (subject: string): string =>
  `${ACTIONS_PATH}?${new URLSearchParams({ subject }).toString()}`;
