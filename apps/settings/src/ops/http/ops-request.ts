import type { Operator } from '#access';
import type { PageRequest, RouteRow } from '#pages';

/** Who may ask for a page: everybody, or an operator who is in. */
export type OpsWho = 'open' | 'operator';

/** A row of the table of the operator's pages. */
export type OpsRoute = RouteRow<OpsWho>;

/** A request as the operator's pages get it. */
export interface OpsRequest extends PageRequest<OpsWho> {
  /** Who is in. */
  operator?: Operator;
}

/** The operator of a request whose route asks for one. */
export function operatorOf({ operator }: OpsRequest): Operator {
  if (!operator) throw new Error('the route of this page asks for no operator');
  return operator;
}
