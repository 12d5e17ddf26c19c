import { Body, Controller, Headers, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Brands } from '#mail';
import type { IdempotencyKeys } from '#redis';
import type { ClientRequest } from '../http/front-door.ts';
import { documentOf } from '../http/given.ts';
import { problems } from '../http/problem.ts';
import { BRANDS, CLOCK, IDEMPOTENCY_KEYS, SEND_ACCESS_MAIL } from '../tokens.ts';
import { accessMailInput, type AccessMailRequest } from './access-mail-input.ts';
import { eventIdOf, fingerprint, isIdempotencyKey } from './idempotent.ts';
import { EVENT_SOURCE, type EventName, type SendAccessMail } from './send-access-mail.ts';

/** Mails about access, asked for by other self-care sites (O1–O4). */
@Controller('v1/access-mails')
export class AccessMailController {
  readonly #brands: readonly string[];
  readonly #send: SendAccessMail;
  readonly #keys: IdempotencyKeys;
  readonly #now: () => number;

  constructor(
    @Inject(BRANDS) brands: Brands,
    @Inject(SEND_ACCESS_MAIL) send: SendAccessMail,
    @Inject(IDEMPOTENCY_KEYS) keys: IdempotencyKeys,
    @Inject(CLOCK) now: () => number,
  ) {
    this.#brands = [...brands.keys()];
    this.#send = send;
    this.#keys = keys;
    this.#now = now;
  }

  @Post()
  @HttpCode(202)
  post(
    @Body() body: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @Req() { client }: ClientRequest,
  ): Promise<EventName> {
    const mail = documentOf(accessMailInput({ brands: this.#brands, now: this.#now() }), body);
    return key === undefined
      ? this.#send(mail, randomUUID(), this.#now())
      : this.#sendOnce(mail, client, key);
  }

  /** A repeat of what Kafka may not have acknowledged is sent again as the same event: the notifier knows it by its id. */
  async #sendOnce(mail: AccessMailRequest, client: string, key: string): Promise<EventName> {
    if (!isIdempotencyKey(key)) throw keyProblem('text', 'expected 1 to 255 visible ASCII characters');
    const request = fingerprint(mail);
    const eventId = eventIdOf(client, key, request);
    const seen = await this.#keys.begin(client, key, request);
    if (seen === 'other') throw keyProblem('key-reused', 'this key came with another document before');
    if (seen === 'done') return { eventSource: EVENT_SOURCE, eventId };
    const name = await this.#send(mail, eventId, this.#now());
    await this.#keys.finish(client, key);
    return name;
  }
}

const keyProblem = (code: string, message: string) =>
  problems.invalid([{ path: 'headers.idempotency-key', code, message }]);
