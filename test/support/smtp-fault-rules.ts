import type { FaultAction } from './smtp-fault-action.ts';

/** Where a mail server can fail. `message`: inside the message; `dot`: behind its end; `idle`: after that answer. */
export type FaultStage =
  'greeting' | 'ehlo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'message' | 'dot' | 'rset' | 'idle';

/** One fault; plain JSON, so that it can be sent to another process. Conditions left out hold always. */
export interface FaultRule {
  readonly at: FaultStage;
  readonly do: FaultAction;
  /** A regular expression on the address in RCPT (from `rcpt` on). */
  readonly recipient?: string;
  /** Only on this connection, counted from 1. */
  readonly connection?: number;
  /** Only in this transaction of a connection, counted from 1 by MAIL. */
  readonly mail?: number;
  /** How often at most. */
  readonly times?: number;
  /** One in so many that fit, by chance. */
  readonly oneIn?: number;
  /** At `dot`: the mail counts as taken whatever is answered, as when a server dies after it queued it. */
  readonly taken?: boolean;
}

/** Where a session is when it asks for its fault. */
interface FaultPlace {
  readonly connection: number;
  readonly mail: number;
  readonly recipient: string;
}

/** Rules that can be replaced at any time; the first one that fits acts. */
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
