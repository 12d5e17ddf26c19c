import { eventFields, type RawRecord } from '#events';
import { codeOf, unavailableServer } from './server-errors.ts';
import type { Breaker, ClaimedEvent, ClaimKeeper, LiveClaim } from './deps.ts';
import type { DeliveryLog, Ledger, LedgerEvent } from './ports.ts';

/** The age at which a claim is renewed: about a third of the ledger's leases (10 s; 60 s once begun). */
const RENEW_AFTER_MS = { waiting: 3_000, begun: 20_000 } as const;
/** How often a process checks its claims. */
const CHECK_MS = 1_000;
/** An error of the same kind is logged again only after this time: it concerns every claim. */
const LOG_AGAIN_MS = 60_000;

interface Held {
  readonly event: LedgerEvent;
  readonly record: RawRecord;
  readonly address: string;
  readonly token: string;
  age: keyof typeof RENEW_AFTER_MS;
  renewedAt: number;
}

/**
 * Renews the claims of a process for as long as it works on them: a mail server may take minutes, and other processes
 * may only take a claim whose owner died or lost Redis. One timer serves all claims, and those that are due are renewed
 * in joined calls. The token ensures that a process that was frozen renews only claims that nobody else has taken
 * meanwhile.
 */
export class LiveClaims implements ClaimKeeper {
  private readonly ledger: Pick<Ledger, 'renew'>;
  private readonly breaker: Pick<Breaker, 'redisUnavailable'>;
  private readonly log: Pick<DeliveryLog, 'error'>;
  private readonly held = new Set<Held>();
  /** When an error was last logged, by its code or name. */
  private readonly loggedAt = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    ledger: Pick<Ledger, 'renew'>,
    breaker: Pick<Breaker, 'redisUnavailable'>,
    log: Pick<DeliveryLog, 'error'>,
  ) {
    this.ledger = ledger;
    this.breaker = breaker;
    this.log = log;
  }

  /** Keeps a claim that the ledger has just given. */
  hold({ decided: event, record }: ClaimedEvent, address: string, token: string): LiveClaim {
    const claim: Held = { event, record, address, token, age: 'waiting', renewedAt: performance.now() };
    this.held.add(claim);
    return {
      begun: () => {
        claim.age = 'begun';
        claim.renewedAt = performance.now();
      },
      end: () => void this.held.delete(claim),
    };
  }

  /** Renews periodically until `stop`. */
  start(): void {
    this.timer = setTimeout(() => {
      void this.renewDue(performance.now()).then(() => {
        if (this.timer) this.start();
      });
    }, CHECK_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /**
   * Renews the claims that are due at `now` (`performance.now()`); never rejects. Drops those that others have taken.
   */
  async renewDue(now: number): Promise<void> {
    const due = [...this.held].filter(({ age, renewedAt }) => now - renewedAt >= RENEW_AFTER_MS[age]);
    await Promise.all(due.map((claim) => this.renew(claim, now)));
  }

  private async renew(claim: Held, now: number): Promise<void> {
    try {
      if (await this.ledger.renew(claim.event, claim.address, claim.token)) claim.renewedAt = now;
      else this.held.delete(claim);
    } catch (error) {
      if (unavailableServer(error) === 'redis') this.breaker.redisUnavailable(error as Error);
      else this.logOnce(error, claim.record, now);
    }
  }

  private logOnce(error: unknown, record: RawRecord, now: number): void {
    const kind = codeOf(error) || (error instanceof Error ? error.name : 'unknown');
    if (now - (this.loggedAt.get(kind) ?? -Infinity) < LOG_AGAIN_MS) return;
    this.loggedAt.set(kind, now);
    const fields = { err: error, ...eventFields(record) };
    this.log.error(fields, 'A claim could not be renewed: its mail may be sent twice');
  }
}
