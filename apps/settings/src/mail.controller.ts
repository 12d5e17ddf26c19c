import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import {
  sendAccessMail,
  sendTestMail,
  type AccessMailDeps,
  type EventName,
  type TestMailDeps,
} from '#settings';
import { given } from './http/answer.ts';
import type { ClientRequest } from './http/front-door.ts';
import { MAILS } from './tokens.ts';

/** Mails on request: about access, by other self-care sites (O1–O4), and test mails (C12). */
@Controller('v1')
export class MailController {
  readonly #mails: AccessMailDeps & TestMailDeps;

  constructor(@Inject(MAILS) mails: AccessMailDeps & TestMailDeps) {
    this.#mails = mails;
  }

  @Post('access-mails')
  @HttpCode(202)
  async postAccessMail(
    @Body() document: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @Req() { client, trace }: ClientRequest,
  ): Promise<EventName> {
    const clientKey = key === undefined ? undefined : { client, key };
    return given(await sendAccessMail(this.#mails, document, clientKey, trace)).event;
  }

  @Post('numbers/:number/test-mail')
  @HttpCode(202)
  async postTestMail(
    @Param('number') number: string,
    @Body() document: unknown,
    @Req() { trace }: ClientRequest,
  ): Promise<EventName> {
    return given(await sendTestMail(this.#mails, number, document, trace)).event;
  }
}
