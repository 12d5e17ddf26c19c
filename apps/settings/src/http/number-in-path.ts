import { parseSubscriberNumber } from '#rules';
import { problems } from './problem.ts';

/** The number that a path names, normalised. Throws 404 for one that nobody can have. */
export function numberInPath(text: string): string {
  const parsed = parseSubscriberNumber(text);
  if (!parsed.ok) throw problems.unknown('number');
  return parsed.number;
}
