import { codeOf, unavailableServer } from './server-errors.ts';
import type { ClaimKeeper, Breaker, LiveClaim } from './deps.ts';
import type { DeliveryLog, Ledger, LedgerEvent } from './ports.ts';

/** How old a claim may grow before it is renewed: at about a third of the ledger's leases (10 s, and 60 s once begun). */
const RENEW_AFTER_MS = { waiting: 3_000, begun: 20_000 } as const;
/** How often a process looks through its claims. */
const LOOK_MS = 1_000;
/** An error of the same kind is told again after this long: it meets every claim. */
const TELL_AGAIN_MS = 60_000;

interface Held {
  readonly event: LedgerEvent;
  readonly address: string;
  readonly token: string;
  age: keyof typeof RENEW_AFTER_MS;
  renewedAt: number;
}

/**
 * The claims of a process, renewed for as long as it works on them: a mail server may take minutes, and only a claim
 * whose owner died or lost Redis may be taken by others. One timer for all; what is due is renewed in joined calls. A
 * process that was frozen renews only what nobody took meanwhile, by its token.
 */
export class LiveClaims implements ClaimKeeper {
  private readonly ledger: Pick<Ledger, 'renew'>;
  private readonly breaker: Pick<Breaker, 'redisUnavailable'>;
  private readonly log: Pick<DeliveryLog, 'error'>;
  private readonly held = new Set<Held>();
  /** When an error was told last, by its code or name. */
  private readonly toldAt = new Map<string, number>();
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
  hold(event: LedgerEvent, address: string, token: string): LiveClaim {
    const claim: Held = { event, address, token, age: 'waiting', renewedAt: performance.now() };
    this.held.add(claim);
    return {
      begun: () => {
        claim.age = 'begun';
        claim.renewedAt = performance.now();
      },
      end: () => void this.held.delete(claim),
    };
  }

  /** Begins to renew on its own, until `stop`. */
  start(): void {
    this.timer = setTimeout(() => {
      void this.renewDue(performance.now()).then(() => {
        if (this.timer) this.start();
      });
    }, LOOK_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Renews what is due at `now` (`performance.now()`); never rejects. What became somebody else's is forgotten. */
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
      else this.tell(error, now);
    }
  }

  private tell(error: unknown, now: number): void {
    const kind = codeOf(error) || (error instanceof Error ? error.name : 'unknown');
    if (now - (this.toldAt.get(kind) ?? -Infinity) < TELL_AGAIN_MS) return;
    this.toldAt.set(kind, now);
    this.log.error({ err: error }, 'A claim could not be renewed: its mail may be sent twice');
  }
}
