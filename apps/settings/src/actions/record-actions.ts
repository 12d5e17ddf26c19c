import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { defer, lastValueFrom, type Observable } from 'rxjs';
import type { ActionLog } from '#operations';
import { parseSubscriberNumber } from '#rules';
import type { ClientRequest } from '../http/front-door.ts';
import { problemOf } from '../http/problem-filter.ts';
import { SELF_CARE_ID } from '../access/self-care-input.ts';
import { RECORDED_OPERATIONS } from './recorded-operations.ts';

/** Records every operation of the API that changes something: who did it, about what, and with which result. */
export class RecordActions implements NestInterceptor {
  readonly #log: ActionLog;

  constructor(log: ActionLog) {
    this.#log = log;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method = '', template, client, ip, params } = context.switchToHttp().getRequest<ClientRequest>();
    const action = RECORDED_OPERATIONS[`${method} ${template}`];
    if (action === undefined) return next.handle();
    const begun = {
      action,
      by: client,
      door: 'api',
      subject: subjectOf(params),
      ...(ip && { address: ip }),
    } as const;
    return defer(() => this.#log.carryOut(begun, () => lastValueFrom(next.handle()), codeOf));
  }
}

/** What the path names, in its known form; what has no such form is not repeated, for it could be anything. */
function subjectOf({ number, lineNumber, id = '' }: ClientRequest['params']): string | null {
  const named = parseSubscriberNumber(number ?? lineNumber ?? '');
  if (named.ok) return named.number;
  return SELF_CARE_ID.test(id) ? id : null;
}

/** Why an operation was refused; `undefined` when it is not known whether it was done. */
function codeOf(error: unknown): string | undefined {
  const { status, errors } = problemOf(error);
  return status < 500 ? errors[0]?.code : undefined;
}
