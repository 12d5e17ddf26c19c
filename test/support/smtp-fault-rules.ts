import type { FaultAction } from './smtp-fault-action.ts';

/** Where a mail server can fail. `message`: inside the message; `dot`: after its end; `idle`: after that reply. */
export type FaultStage =
  'greeting' | 'ehlo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'message' | 'dot' | 'rset' | 'idle';

/** One fault as plain JSON, so that it can be sent to a child process. It applies if all given conditions hold. */
export interface FaultRule {
  readonly at: FaultStage;
  readonly do: FaultAction;
  /** A regular expression for the address in RCPT (from `rcpt` on). */
  readonly recipient?: string;
  /** Only on this connection, counted from 1. */
  readonly connection?: number;
  /** Only in this transaction of a connection, counted from 1. */
  readonly mail?: number;
  /** At most this often. */
  readonly times?: number;
  /** At random, once in this many times. */
  readonly oneIn?: number;
  /** At `dot`: the mail counts as accepted whatever the reply, as when a server dies after queueing it. */
  readonly taken?: boolean;
}

/** The state of a session, for the conditions of a rule. */
interface FaultPlace {
  readonly connection: number;
  readonly mail: number;
  readonly recipient: string;
}

/** A replaceable list of rules; the first one that applies is used. */
export class FaultRules {
  private rules: readonly FaultRule[];
  private readonly used = new Map<FaultRule, number>();

  constructor(rules: readonly FaultRule[]) {
    this.rules = rules;
  }

  replace(rules: readonly FaultRule[]): void {
    this.rules = rules;
    this.used.clear();
  }

  take(stage: FaultStage, place: FaultPlace): FaultRule | undefined {
    const rule = this.rules.find((one) => one.at === stage && this.fits(one, place));
    if (rule) this.used.set(rule, (this.used.get(rule) ?? 0) + 1);
    return rule;
  }

  private fits(rule: FaultRule, { connection, mail, recipient }: FaultPlace): boolean {
    return (
      (rule.connection === undefined || rule.connection === connection) &&
      (rule.mail === undefined || rule.mail === mail) &&
      (rule.recipient === undefined || new RegExp(rule.recipient).test(recipient)) &&
      (rule.times === undefined || (this.used.get(rule) ?? 0) < rule.times) &&
      (rule.oneIn === undefined || Math.random() * rule.oneIn < 1)
    );
  }
}
