import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Hands what a handler of batches throws to the consumer as it is. Nest itself would log it as an error, and hide that it
 * is an outage, which ends without anybody.
 */
@Catch()
export class PassOnErrors implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
