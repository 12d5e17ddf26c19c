import { Body, Controller, Get, Headers, Inject, Param, Put, Res } from '@nestjs/common';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { CallNotice, FaxNotice, NumberSection, NumberSections, Screening, VoiceWarp } from '#rules';
import { readSection, writeSection, type SettingsDeps, type Stored } from '#settings';
import { given, shownNotice } from './http/answer.ts';
import { etag, preconditionOf } from './http/preconditions.ts';
import { SETTINGS } from './tokens.ts';

/** What is set per number: call notice (C1–C6), FAX notice (F1), screening (C7, C8) and Voice Warp (V3). */
@Controller('v1/numbers/:number')
export class NumberController {
  readonly #settings: SettingsDeps;

  constructor(@Inject(SETTINGS) settings: SettingsDeps) {
    this.#settings = settings;
  }

  @Get('call-notice')
  async getCallNotice(
    @Param('number') number: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<CallNotice> {
    return shownNotice(await this.#read(number, 'callNotice', response));
  }

  @Put('call-notice')
  async putCallNotice(
    @Param('number') number: string,
    @Body() document: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<CallNotice> {
    return shownNotice(await this.#write(number, 'callNotice', document, headers, response));
  }

  @Get('fax-notice')
  async getFaxNotice(
    @Param('number') number: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<FaxNotice> {
    return shownNotice(await this.#read(number, 'faxNotice', response));
  }

  @Put('fax-notice')
  async putFaxNotice(
    @Param('number') number: string,
    @Body() document: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<FaxNotice> {
    return shownNotice(await this.#write(number, 'faxNotice', document, headers, response));
  }

  @Get('screening')
  async getScreening(
    @Param('number') number: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<Screening> {
    return (await this.#read(number, 'screening', response)).value;
  }

  @Put('screening')
  async putScreening(
    @Param('number') number: string,
    @Body() document: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<Screening> {
    return (await this.#write(number, 'screening', document, headers, response)).value;
  }

  @Get('voice-warp')
  async getVoiceWarp(
    @Param('number') number: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<VoiceWarp> {
    return (await this.#read(number, 'voiceWarp', response)).value;
  }

  @Put('voice-warp')
  async putVoiceWarp(
    @Param('number') number: string,
    @Body() document: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<VoiceWarp> {
    return (await this.#write(number, 'voiceWarp', document, headers, response)).value;
  }

  async #read<S extends NumberSection>(
    number: string,
    section: S,
    response: ServerResponse,
  ): Promise<Stored<NumberSections[S]>> {
    const found = given(await readSection(this.#settings, number, section));
    response.setHeader('etag', etag(found.version));
    return found;
  }

  async #write<S extends NumberSection>(
    number: string,
    section: S,
    document: unknown,
    headers: IncomingHttpHeaders,
    response: ServerResponse,
  ): Promise<Stored<NumberSections[S]>> {
    const condition = preconditionOf(headers);
    const result = await writeSection(this.#settings, number, section, { document, condition });
    const written = given(result, condition);
    response.setHeader('etag', etag(written.version));
    return written;
  }
}
