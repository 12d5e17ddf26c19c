import type { Random } from './random.ts';

/** A line whose calls are simulated. */
export interface Subscriber {
  readonly lineNumber: string;
  /** The numbers of the line that are called. */
  readonly numbers: readonly string[];
}

/** How a line is used: who rings it, and what it has done about callers. */
export interface Habits {
  readonly acquaintances: readonly string[];
  readonly refusesWithheld: boolean;
  readonly refusesNuisance: boolean;
  readonly forwards: boolean;
}

const MOBILE = ['070', '080', '090'] as const;
const AREA = ['03', '06', '045', '052', '092'] as const;
const COUNTRY = ['+1415', '+4420', '+8210', '+65', '+8862'] as const;
const TELEPHONE_DIGITS = 10;
const ABROAD_DIGITS = 12;

/** A number that can be called, and the habits of its line. */
export interface CalledNumber {
  readonly lineNumber: string;
  readonly calledNumber: string;
  readonly habits: Habits;
}

/** The numbers of the lines, with habits drawn for each line. */
export function calledNumbers(random: Random, subscribers: readonly Subscriber[]): CalledNumber[] {
  return subscribers.flatMap(({ lineNumber, numbers }) => {
    const habits = drawHabits(random);
    return numbers.map((calledNumber) => ({ lineNumber, calledNumber, habits }));
  });
}

function drawHabits(random: Random): Habits {
  return {
    acquaintances: Array.from({ length: random.between(4, 12) }, () => domesticNumber(random)),
    refusesWithheld: random.chance(0.15),
    refusesNuisance: random.chance(0.25),
    forwards: random.chance(0.12),
  };
}

/** Draws a number of Japan: a mobile phone, or a house or shop. */
export function domesticNumber(random: Random): string {
  if (random.chance(0.6)) return complete(random.pick(MOBILE), TELEPHONE_DIGITS + 1, random);
  return complete(random.pick(AREA), TELEPHONE_DIGITS, random);
}

/** Draws a number from abroad, in E.164. */
export function foreignNumber(random: Random): string {
  return complete(random.pick(COUNTRY), ABROAD_DIGITS, random);
}

function complete(start: string, length: number, random: Random): string {
  // The digit behind a prefix is no 0 or 1 in any of these plans.
  let number = `${start}${random.between(2, 9)}`;
  while (number.length < length) number += String(random.between(0, 9));
  return number;
}
