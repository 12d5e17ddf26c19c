import type { IdempotencyKeys, RequestMark } from '../mails/send-access-mail.ts';

/** Idempotency keys for tests: the contract of those in Redis, without a server and without forgetting. */
export class InMemoryIdempotencyKeys implements IdempotencyKeys {
  readonly #known = new Map<string, { readonly mark: RequestMark; readonly isDone: boolean }>();

  async begin(
    client: string,
    key: string,
    mark: RequestMark,
  ): Promise<'first' | 'repeat' | 'done' | 'other'> {
    const name = JSON.stringify([client, key]);
    const known = this.#known.get(name);
    if (!known) {
      this.#known.set(name, { mark, isDone: false });
      return 'first';
    }
    if (!isSame(known.mark, mark)) return 'other';
    return known.isDone ? 'done' : 'repeat';
  }

  async finish(client: string, key: string): Promise<void> {
    const name = JSON.stringify([client, key]);
    const known = this.#known.get(name);
    if (known) this.#known.set(name, { ...known, isDone: true });
  }
}

function isSame({ fingerprint, secret: [first] }: RequestMark, mark: RequestMark): boolean {
  return fingerprint === mark.fingerprint && (first === undefined || mark.secret.includes(first));
}
