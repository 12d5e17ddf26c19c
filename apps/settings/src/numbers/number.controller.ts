import { Body, Controller, Get, Headers, Inject, Param, Put, Res } from '@nestjs/common';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Brands } from '#mail';
import type { SettingsRepository } from '#settings';
import type { CallNotice, FaxNotice, Screening, NumberSection, NumberSections } from '#rules';
import { etag, preconditionOf } from '../http/preconditions.ts';
import { numberInPath } from '../http/input.ts';
import { BRANDS, REPOSITORY } from '../tokens.ts';
import { readSection, writeSection } from './edit-section.ts';
import { limitsOf, withWarnings } from './recipients.ts';

/** What is settled per number: call notice (C1–C6), FAX notice (F1) and screening (C7, C8). */
@Controller('v1/numbers/:number')
export class NumberController {
  readonly #repository: SettingsRepository;
  readonly #brands: Brands;

  constructor(@Inject(REPOSITORY) repository: SettingsRepository, @Inject(BRANDS) brands: Brands) {
    this.#repository = repository;
    this.#brands = brands;
  }

  @Get('call-notice')
  async getCallNotice(
    @Param('number') path: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<CallNotice> {
    return withWarnings(await this.#read(path, 'callNotice', response));
  }

  @Put('call-notice')
  async putCallNotice(
    @Param('number') path: string,
    @Body() body: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<CallNotice> {
    return withWarnings(await this.#write(path, 'callNotice', body, headers, response));
  }

  @Get('fax-notice')
  async getFaxNotice(
    @Param('number') path: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<FaxNotice> {
    return withWarnings(await this.#read(path, 'faxNotice', response));
  }

  @Put('fax-notice')
  async putFaxNotice(
    @Param('number') path: string,
    @Body() body: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<FaxNotice> {
    return withWarnings(await this.#write(path, 'faxNotice', body, headers, response));
  }

  @Get('screening')
  getScreening(
    @Param('number') path: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<Screening> {
    return this.#read(path, 'screening', response);
  }

  @Put('screening')
  putScreening(
    @Param('number') path: string,
    @Body() body: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<Screening> {
    return this.#write(path, 'screening', body, headers, response);
  }

  async #read<S extends NumberSection>(
    path: string,
    section: S,
    response: ServerResponse,
  ): Promise<NumberSections[S]> {
    const { value, version } = await readSection(this.#repository, numberInPath(path, 'number'), section);
    response.setHeader('etag', etag(version));
    return value;
  }

  async #write<S extends NumberSection>(
    path: string,
    section: S,
    body: unknown,
    headers: IncomingHttpHeaders,
    response: ServerResponse,
  ): Promise<NumberSections[S]> {
    const write = { number: numberInPath(path, 'number'), section, body, condition: preconditionOf(headers) };
    const limits = (brand: string) => limitsOf(this.#brands, brand);
    const { value, version } = await writeSection(this.#repository, limits, write);
    response.setHeader('etag', etag(version));
    return value;
  }
}
