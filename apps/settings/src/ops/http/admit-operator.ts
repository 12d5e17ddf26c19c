import { findOperator, type OperatorDeps } from '#access';
import type { Middleware } from '#pages';
import { NO_OPERATOR, operatorSecret } from './operator-cookie.ts';
import type { OpsRequest } from './ops-request.ts';

/** Finds the session of a request by its cookie alone, and sends whoever has none to log in, who is told why. */
export function admitOperator(deps: OperatorDeps): Middleware<OpsRequest> {
  return (request, response, next) => {
    if (request.route.who === 'open') return next();
    findOperator(deps, operatorSecret(request.headers)).then((found) => {
      if (found.kind === 'found') {
        request.operator = found.operator;
        return next();
      }
      response.statusCode = 303;
      response.setHeader(
        'location',
        whereToLogIn(request, found.kind === 'ended' ? found.reason : undefined),
      );
      response.setHeader('set-cookie', NO_OPERATOR);
      response.end();
    }, next);
  };
}

function whereToLogIn({ url = '', route }: OpsRequest, why: string | undefined): string {
  const parameters = new URLSearchParams(why === undefined ? {} : { why });
  // A page, never a form's answer; the overview is where everybody comes anyway.
  const path = url.split('?', 1)[0] ?? '';
  if (route.methods.includes('GET') && path !== '/ops') parameters.set('next', path);
  const query = parameters.toString();
  return query === '' ? '/ops/login' : `/ops/login?${query}`;
}
