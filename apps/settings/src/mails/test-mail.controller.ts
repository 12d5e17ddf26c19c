import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { KafkaError } from '#kafka';
import type { TestMailLimits } from '#redis';
import type { SettingsRepository } from '#settings';
import { documentOf, numberInPath } from '../http/given.ts';
import { problems } from '../http/problem.ts';
import { CLOCK, REPOSITORY, SEND_ACCESS_MAIL, TEST_MAIL_LIMITS } from '../tokens.ts';
import { testMailInput } from './access-mail-input.ts';
import type { EventName, SendAccessMail } from './send-access-mail.ts';

/** 送信テスト: shows that mail arrives at an address before it is saved (C12). */
@Controller('v1/numbers/:number/test-mail')
export class TestMailController {
  readonly #repository: SettingsRepository;
  readonly #limits: TestMailLimits;
  readonly #send: SendAccessMail;
  readonly #now: () => number;

  constructor(
    @Inject(REPOSITORY) repository: SettingsRepository,
    @Inject(TEST_MAIL_LIMITS) limits: TestMailLimits,
    @Inject(SEND_ACCESS_MAIL) send: SendAccessMail,
    @Inject(CLOCK) now: () => number,
  ) {
    this.#repository = repository;
    this.#limits = limits;
    this.#send = send;
    this.#now = now;
  }

  @Post()
  @HttpCode(202)
  async post(@Param('number') path: string, @Body() body: unknown): Promise<EventName> {
    const number = numberInPath(path, 'number');
    const settings = await this.#repository.getNumber(number);
    if (!settings) throw problems.unknown('number');
    const { callNotice, faxNotice, brand } = settings;
    const isStored = (text: string): boolean =>
      [...callNotice.recipients, ...faxNotice.recipients].some((one) => one.address === text);
    const { address } = documentOf(testMailInput(isStored), body);
    // Mail servers take Taro@ and taro@ for one, so that a spelling must not make a new limit.
    const taken = await this.#limits.take(number, address.toLowerCase());
    if (!taken.ok) throw tooMany(taken);
    const issuedAt = new Date(this.#now());
    const mail = {
      kind: 'test',
      number,
      brand,
      recipient: address,
      issuedAt: issuedAt.toISOString(),
    } as const;
    try {
      return await this.#send(mail, randomUUID(), issuedAt.getTime());
    } catch (error) {
      // A mail that Kafka did not acknowledge in time may still arrive, and counts; any other was never published.
      if (!mayStillArrive(error)) await taken.giveBack();
      throw error;
    }
  }
}

function mayStillArrive(error: unknown): boolean {
  return error instanceof KafkaError && error.code === 'unacknowledged';
}

function tooMany({
  limit,
  retryAfterSeconds,
}: {
  readonly limit: 'number' | 'address';
  readonly retryAfterSeconds: number;
}) {
  return limit === 'address'
    ? problems.tooMany(retryAfterSeconds, 'address', 'at most 5 test mails an hour to an address')
    : problems.tooMany(retryAfterSeconds, '', 'at most 20 test mails a day for a number');
}
