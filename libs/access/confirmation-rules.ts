import { containsNumber, hasFullWidth } from './password-policy.ts';

/** What is wrong with a confirmation id or password (A9). `same`: it is the current one. */
export type ConfirmationProblem =
  | 'empty'
  | 'full-width'
  | 'characters'
  | 'length'
  | 'only-capitals'
  | 'only-small-letters'
  | 'only-digits'
  | 'only-letters'
  | 'run'
  | 'contains-number'
  | 'same';

type Checked = Exclude<ConfirmationProblem, 'same'>;

/** A run of this many equal, ascending or descending characters is refused. */
const RUN = 4;

function shapeProblem(text: string): Checked | undefined {
  if (text === '') return 'empty';
  if (hasFullWidth(text)) return 'full-width';
  if (!/^[0-9A-Za-z]*$/.test(text)) return 'characters';
  return text.length < 8 || text.length > 12 ? 'length' : undefined;
}

/** Checks a confirmation id (A9): 8–12 letters and digits, not of one kind alone. `undefined`: it is good. */
export function confirmationIdProblem(id: string): Checked | undefined {
  const shape = shapeProblem(id);
  if (shape) return shape;
  if (/^[A-Z]*$/.test(id)) return 'only-capitals';
  if (/^[a-z]*$/.test(id)) return 'only-small-letters';
  return /^[0-9]*$/.test(id) ? 'only-digits' : undefined;
}

/** Checks a confirmation password (A9): letters and digits, no run, not the number. `undefined`: it is good. */
export function confirmationPasswordProblem(password: string, number: string): Checked | undefined {
  const shape = shapeProblem(password);
  if (shape) return shape;
  if (/^[0-9]*$/.test(password)) return 'only-digits';
  if (/^[A-Za-z]*$/.test(password)) return 'only-letters';
  if (containsNumber(password, number)) return 'contains-number';
  return hasRun(password) ? 'run' : undefined;
}

/** Whether four characters in a row are equal, ascend by one or descend by one: `aaaa`, `1234`, `dcba`. */
function hasRun(text: string): boolean {
  const steps = Array.from(
    text.slice(1),
    (character, index) => character.charCodeAt(0) - text.charCodeAt(index),
  );
  return [0, 1, -1].some((step) =>
    steps
      .map((one) => (one === step ? 'x' : ' '))
      .join('')
      .includes('x'.repeat(RUN - 1)),
  );
}
