import { isContracted, type Service } from '#rules';
import type { Subscriber } from '#access';
import { PageError } from '#pages';
import { subscriberLoginOf, type SiteRequest } from './site-request.ts';

/**
 * The number in the path (`:number`), when this login may set the service for it (A1) and it is contracted; without a
 * service, when it may set the number. Every other number, somebody else's and nobody's alike, is the same 404.
 */
export function numberInPath(request: SiteRequest, service?: Service): string {
  const { subscriber } = subscriberLoginOf(request);
  const number = request.params['number'] ?? '';
  const { numbers, line } = subscriber;
  const isIts = service === undefined || isContracted(line, number, service);
  if (!isIts || !numbers.includes(number)) throw new PageError('not-found');
  return number;
}

/** The login's line number, when this login may set the line's service and it is contracted; else 404. */
export function lineWith(request: SiteRequest, service: Service): string {
  const { subscriber } = subscriberLoginOf(request);
  const { numbers, line } = subscriber;
  const { lineNumber } = line;
  if (!isContracted(line, lineNumber, service) || !numbers.includes(lineNumber))
    throw new PageError('not-found');
  return lineNumber;
}

/** The numbers for which a login may set a service (A1, A13), the line number first. */
export function numbersWith({ numbers, line }: Subscriber, service: Service): readonly string[] {
  return numbers.filter((number) => isContracted(line, number, service));
}
