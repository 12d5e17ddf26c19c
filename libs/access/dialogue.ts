import { temporaryPasswordProblem } from './temporary-password.ts';
import type { Line, Unit } from './unit.ts';

/** The caller's own line. */
export interface CallingLine extends Line {
  /** Who calls: a number of the line, in national digits. */
  readonly caller: string;
  /** The unit that holds now; null when none was ever chosen. */
  readonly unit: Unit | null;
}

export type Question = 'unit' | 'number' | 'password' | 'passwordAgain';

/** A sentence of the guidance; its words are the brand's. `number` is spoken in it. */
export interface Sentence {
  readonly name: Question | 'wrong' | 'wrongTooOften' | 'refused' | 'done';
  readonly number?: string;
}

/** A call that waits for an answer. Plain JSON. */
export interface DialogueState {
  readonly line: CallingLine;
  readonly question: Question;
  /** How often each question was answered wrongly in this call. */
  readonly wrong: Readonly<Partial<Record<Question, number>>>;
  /** What the caller has chosen so far. */
  readonly unit?: Unit;
  readonly number?: string;
  /** The first entry of the password: a secret, sealed wherever the state is kept. */
  readonly password?: string;
}

/** What a call came to: this number gets this temporary password, and its line this unit with the password's change. */
export interface DialledPassword {
  /** Who dialled it. */
  readonly caller: string;
  readonly number: string;
  readonly unit: Unit;
  /** 8 digits: a secret. */
  readonly password: string;
}

/** One turn of the dialogue: what is said, then what is asked. Without a state the call ends. */
export interface Turn {
  readonly say: readonly Sentence[];
  readonly state?: DialogueState;
  readonly done?: DialledPassword;
}

/** The wrong entry that ends the call. */
const LAST_WRONG = 3;

/** Begins the dialogue of A2. `line` is undefined for a withheld caller and for a number of no known line. */
export function beginDialogue(line: CallingLine | undefined): Turn {
  if (line === undefined) return { say: [{ name: 'refused' }] };
  return ask({ line, question: 'unit', wrong: {} });
}

/**
 * Takes the keys pressed at the question of `state`: digits, for a number with or without the `#` behind them. No input
 * and what did not match are a wrong entry, as an empty text is. Pure (A2).
 */
export function nextStep(state: DialogueState, keys: string): Turn {
  switch (state.question) {
    case 'unit':
      return takeUnit(state, keys);
    case 'number':
      return takeNumber(state, keys.replace(/#$/, ''));
    case 'password':
      return takePassword(state, keys);
    case 'passwordAgain':
      return takePasswordAgain(state, keys);
  }
}

const UNITS: Readonly<Record<string, Unit>> = {
  1: 'line',
  2: 'number',
  3: 'administrator-user',
};

function takeUnit(state: DialogueState, keys: string): Turn {
  const { caller, lineNumber, unit: present } = state.line;
  const unit = Object.hasOwn(UNITS, keys) ? UNITS[keys] : undefined;
  const isUser = caller !== lineNumber;
  // Else a user could take over the line.
  const isForbidden = isUser && present === 'administrator-user' && unit !== 'administrator-user';
  if (unit === undefined || isForbidden) return wrongEntry(state);
  if (unit === 'line') return askPassword({ ...state, unit }, lineNumber);
  if (unit === 'administrator-user' && isUser) return askPassword({ ...state, unit }, caller);
  return ask({ ...state, unit, question: 'number' });
}

function takeNumber(state: DialogueState, number: string): Turn {
  return state.line.numbers.includes(number) ? askPassword(state, number) : wrongEntry(state);
}

function takePassword(state: DialogueState, password: string): Turn {
  const { number = '' } = state;
  return temporaryPasswordProblem(password, number) === undefined
    ? ask({ ...state, question: 'passwordAgain', password })
    : wrongEntry(state);
}

function takePasswordAgain({ password, ...state }: DialogueState, keys: string): Turn {
  const { line, unit, number } = state;
  if (unit === undefined || number === undefined || password !== keys) return wrongEntry(state, 'password');
  return { say: [{ name: 'done', number }], done: { caller: line.caller, number, unit, password } };
}

function askPassword(state: DialogueState, number: string): Turn {
  return ask({ ...state, number, question: 'password' });
}

/** Counts a wrong entry at the state's question and asks again, from `question` on. */
function wrongEntry(state: DialogueState, question = state.question): Turn {
  const count = (state.wrong[state.question] ?? 0) + 1;
  if (count >= LAST_WRONG) return { say: [{ name: 'wrongTooOften' }] };
  const { say, ...again } = ask({ ...state, question, wrong: { ...state.wrong, [state.question]: count } });
  return { say: [{ name: 'wrong' }, ...say], ...again };
}

function ask(state: DialogueState): Turn {
  const { question, number } = state;
  const isOfNumber = question === 'password' && number !== undefined;
  return { say: [isOfNumber ? { name: question, number } : { name: question }], state };
}
