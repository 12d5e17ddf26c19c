import { Body, Controller, Get, Headers, Inject, Param, Put, Res } from '@nestjs/common';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Brands } from '#mail';
import type { SettingsRepository } from '#settings';
import { faultNoticeInput, type FaultNotice } from '#rules';
import { etag, preconditionOf } from '../http/preconditions.ts';
import { documentOf, numberInPath, written } from '../http/input.ts';
import { problems } from '../http/problem.ts';
import { limitsOf, storedIn, withWarnings } from '../numbers/recipients.ts';
import { BRANDS, REPOSITORY } from '../tokens.ts';

/** The fault notice of a line (R1, R3). */
@Controller('v1/lines/:lineNumber/fault-notice')
export class FaultNoticeController {
  readonly #repository: SettingsRepository;
  readonly #brands: Brands;

  constructor(@Inject(REPOSITORY) repository: SettingsRepository, @Inject(BRANDS) brands: Brands) {
    this.#repository = repository;
    this.#brands = brands;
  }

  @Get()
  async get(
    @Param('lineNumber') path: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<FaultNotice> {
    const found = await this.#repository.getFaultNotice(numberInPath(path, 'line'));
    if (!found) throw problems.unknown('line');
    response.setHeader('etag', etag(found.version));
    return withWarnings(found.value);
  }

  @Put()
  async put(
    @Param('lineNumber') path: string,
    @Body() body: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<FaultNotice> {
    const lineNumber = numberInPath(path, 'line');
    const [line, stored] = await Promise.all([
      this.#repository.getLine(lineNumber),
      this.#repository.getFaultNotice(lineNumber),
    ]);
    if (!line || !stored) throw problems.unknown('line');
    const rules = {
      limits: limitsOf(this.#brands, line.value.brand),
      isStored: storedIn(stored.value.recipients),
    };
    const notice = documentOf(faultNoticeInput(rules), body);
    const condition = preconditionOf(headers);
    const result = await this.#repository.putFaultNotice(lineNumber, notice, condition);
    response.setHeader('etag', etag(written(result, 'line', condition).version));
    return withWarnings(notice);
  }
}
