/** Why 8 pressed digits cannot be a temporary password (A2). */
export type TemporaryPasswordProblem = 'not-eight-digits' | 'equal-digits' | 'run' | 'own-number';

/**
 * What is wrong with a temporary password for `number` (national digits), or `undefined` (A2). A run goes up or down by
 * one from digit to digit; 9 and 0 are not neighbours, so 89012345 is no run.
 */
export function temporaryPasswordProblem(
  password: string,
  number: string,
): TemporaryPasswordProblem | undefined {
  if (!/^[0-9]{8}$/.test(password)) return 'not-eight-digits';
  if (isEvenly(0, password)) return 'equal-digits';
  if (isEvenly(1, password) || isEvenly(-1, password)) return 'run';
  return number.endsWith(password) ? 'own-number' : undefined;
}

/** Whether every digit is that much more than the one before it. */
function isEvenly(step: number, digits: string): boolean {
  return Array.from(digits).every(
    (digit, index) => index === 0 || Number(digit) - Number(digits[index - 1]) === step,
  );
}
