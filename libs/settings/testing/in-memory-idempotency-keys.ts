import type { IdempotencyKeys } from '../mails/send-access-mail.ts';

/** Idempotency keys for tests: the contract of those in Redis, without a server and without forgetting. */
export class InMemoryIdempotencyKeys implements IdempotencyKeys {
  readonly #known = new Map<string, { readonly fingerprint: string; readonly isDone: boolean }>();

  async begin(
    client: string,
    key: string,
    fingerprint: string,
  ): Promise<'first' | 'repeat' | 'done' | 'other'> {
    const name = JSON.stringify([client, key]);
    const known = this.#known.get(name);
    if (!known) {
      this.#known.set(name, { fingerprint, isDone: false });
      return 'first';
    }
    if (known.fingerprint !== fingerprint) return 'other';
    return known.isDone ? 'done' : 'repeat';
  }

  async finish(client: string, key: string): Promise<void> {
    const name = JSON.stringify([client, key]);
    const known = this.#known.get(name);
    if (known) this.#known.set(name, { ...known, isDone: true });
  }
}
